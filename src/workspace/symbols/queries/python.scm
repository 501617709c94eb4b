(function_definition name: (identifier) @name parameters: (parameters) @params) @def.function
(class_definition name: (identifier) @name) @def.class
(class_definition superclasses: (argument_list) @params)
(function_definition body: (block . (expression_statement . (string) @doc)))
(class_definition body: (block . (expression_statement . (string) @doc)))
(module . (comment)* . (expression_statement . (string) @doc))
(call function: (identifier) @call)
(call function: (attribute attribute: (identifier) @call))
(import_statement) @import
(import_from_statement) @import
(if_statement condition: (comparison_operator . (identifier) @main (#eq? @main "__name__")))
