(binary_operator lhs: (identifier) @name operator: ["<-" "="] rhs: (function_definition parameters: (parameters) @params)) @def.function
(call function: (identifier) @call)
(call function: (namespace_operator rhs: (identifier) @call))
