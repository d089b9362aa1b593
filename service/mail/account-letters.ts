import { codeLifeMinutes } from "../store/mail-codes.ts";
import type { Mail } from "./mail.ts";

/** Welcome to a new account, with the code that verifies its address. */
export function registrationMail(to: string, code: string): Mail {
  return {
    kind: "registration",
    to,
    subject: "Your account at the shop",
    goodForMinutes: codeLifeMinutes["verify-email"],
    text: `Welcome! Your account is ready: sign in with this address and the password that you chose.\n\nThis code, good for 24 hours, verifies your address:\n\n  ${code}\n`,
  };
}

/** To the owner of an account when someone tried to register its address again. */
export function alreadyRegisteredMail(to: string, code: string): Mail {
  const text = `Someone tried to register this address, but it has an account already. If it was you, just sign in. If you forgot your password, this code, good for 30 minutes, sets a new one:\n\n  ${code}\n`;
  return {
    ...alert(to, "You already have an account at the shop", text),
    goodForMinutes: codeLifeMinutes["reset-password"],
  };
}

/** The code that sets a new password. */
export function passwordResetMail(to: string, code: string): Mail {
  return {
    kind: "password-reset",
    to,
    subject: "Set a new password at the shop",
    goodForMinutes: codeLifeMinutes["reset-password"],
    text: `This code, good once and for 30 minutes, sets a new password:\n\n  ${code}\n\nIf you did not ask for it, do nothing: your password stays as it is.\n`,
  };
}

/** After a sign-in from a device and a place that the account was not used from before. */
export function newDeviceMail(to: string, device: string, at: Date): Mail {
  return alert(
    to,
    "New device at your account",
    `Your account was signed in to from a new device: ${device}, ${inWords(at)}. If it was not you, set a new password and end all sessions.\n`,
  );
}

/** After too many failed attempts. */
export function lockMail(to: string, until: Date): Mail {
  return alert(
    to,
    "Many failed attempts to sign in",
    `Someone tried too many wrong passwords for your account. Until ${inWords(until)} only devices that you used before can sign in. If you cannot, set a new password: that ends the lock.\n`,
  );
}

/** After a password was changed or set anew. */
export function passwordChangedMail(to: string, at: Date): Mail {
  return alert(
    to,
    "Your password was changed",
    `The password of your account was changed, ${inWords(at)}, and other devices were signed out. If it was not you, set a new password.\n`,
  );
}

/** After a refresh token came twice: it, or what it was exchanged for, is in two hands. */
export function replayMail(to: string, device: string): Mail {
  return alert(
    to,
    "A device was signed out",
    `A session of your account (${device}) was used from two places at once, so it was ended. Sign in again there. If you do not know why, set a new password.\n`,
  );
}

function alert(to: string, subject: string, text: string): Mail {
  return { kind: "security-alert", to, subject, text };
}

function inWords(at: Date): string {
  return `${at.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}
