import { Ansis } from "ansis";

/** Colours by what they say; none with NO_COLOR, TERM=dumb or where stdout is no terminal, unless FORCE_COLOR asks. */
export const style = new Ansis();
