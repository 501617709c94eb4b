(table (_) @name) @def.section
(document (pair (_) @name) @def.key)
