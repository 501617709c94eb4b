(function_definition (signature (call_expression . (identifier) @name (argument_list) @params))) @def.function
(struct_definition (type_head (identifier) @name)) @def.class
(module_definition name: (identifier) @name) @def.class
(call_expression . (identifier) @call)
(using_statement) @import
(import_statement) @import
