import { z } from "zod";

/** 1–20 lower-case letters, digits and dashes: it becomes a stack name, a folder and part of cgroup names. */
export const environmentNameSchema = z.string().regex(/^[a-z][a-z0-9-]{0,19}$/);
