/** Who answers gates and stops things from the editor, as the log names them. */
export const PERSON = 'researcher';
