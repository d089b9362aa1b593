import { describeKills } from "./killed-anywhere.ts";

describeKills(2, []);
