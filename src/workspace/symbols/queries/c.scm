(function_definition declarator: (function_declarator declarator: (_) @name parameters: (parameter_list) @params)) @def.function
(function_definition declarator: (pointer_declarator declarator: (function_declarator declarator: (_) @name parameters: (parameter_list) @params))) @def.function
(function_definition declarator: (reference_declarator (function_declarator declarator: (_) @name parameters: (parameter_list) @params))) @def.function
(class_specifier name: (type_identifier) @name body: (_)) @def.class
(struct_specifier name: (type_identifier) @name body: (_)) @def.class
(call_expression function: (identifier) @call)
(call_expression function: (field_expression field: (field_identifier) @call))
(call_expression function: (qualified_identifier name: (identifier) @call))
(preproc_include path: (_) @import)
