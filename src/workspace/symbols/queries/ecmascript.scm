(function_declaration name: (identifier) @name parameters: (formal_parameters) @params) @def.function
(generator_function_declaration name: (identifier) @name parameters: (formal_parameters) @params) @def.function
(method_definition name: (_) @name parameters: (formal_parameters) @params) @def.method
(variable_declarator name: (identifier) @name value: [(arrow_function) (function_expression)]) @def.function
(call_expression function: (identifier) @call)
(call_expression function: (member_expression property: (property_identifier) @call))
(new_expression constructor: (identifier) @call)
(import_statement source: (string) @import)
