(class_declaration name: (identifier) @name) @def.class
