import { createCipheriv, createDecipheriv, pbkdf2, randomBytes } from "node:crypto";
import { promisify } from "node:util";
import { EngineError } from "./engine.ts";

/** Encrypts and decrypts single values; `encryptionSalt` is what Pulumi.<stack>.yaml and the state keep of it. */
export interface Crypter {
  readonly encryptionSalt: string;
  /** `v1:<nonce>:<ciphertext and tag>`, base64. */
  encrypt(plaintext: string): string;
  /** Throws when the value was changed or belongs to another passphrase. */
  decrypt(ciphertext: string): string;
}

/** Parameters of Pulumi's v1 passphrase provider. */
const iterations = 1_000_000;
const keyBytes = 32;
const nonceBytes = 12;
const tagBytes = 16;
const check = "pulumi";

const derive = promisify(pbkdf2);
/** Derived keys of this process: a derivation takes about half a second of one core. */
const keys = new Map<string, Promise<Buffer>>();

/** A crypter with a fresh salt. */
export async function createCrypter(passphrase: string, salt: Buffer = randomBytes(8)): Promise<Crypter> {
  const key = await keyOf(passphrase, salt);
  return crypterOf(key, `v1:${salt.toString("base64")}:${encryptWith(key, check)}`);
}

/** The crypter that an `encryptionsalt` names; EngineError `configuration` when the passphrase is not the right one. */
export async function openCrypter(passphrase: string, encryptionSalt: string): Promise<Crypter> {
  const [version, salt, ...proof] = encryptionSalt.split(":");
  if (version !== "v1" || salt === undefined || proof.length !== 3) {
    throw new EngineError("configuration", "the encryption salt is not in Pulumi's v1 passphrase format");
  }
  const key = await keyOf(passphrase, Buffer.from(salt, "base64"));
  try {
    if (decryptWith(key, proof.join(":")) === check) return crypterOf(key, encryptionSalt);
  } catch {
    // A wrong key shows as a failed authentication tag.
  }
  throw new EngineError("configuration", "the passphrase does not belong to this stack (incorrect passphrase)");
}

function crypterOf(key: Buffer, encryptionSalt: string): Crypter {
  return {
    encryptionSalt,
    encrypt: (plaintext) => encryptWith(key, plaintext),
    decrypt: (ciphertext) => decryptWith(key, ciphertext),
  };
}

function keyOf(passphrase: string, salt: Buffer): Promise<Buffer> {
  const name = `${salt.toString("hex")} ${passphrase}`;
  const known = keys.get(name);
  if (known !== undefined) return known;
  const key = derive(passphrase, salt, iterations, keyBytes, "sha256");
  keys.set(name, key);
  return key;
}

function encryptWith(key: Buffer, plaintext: string): string {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv("aes-256-gcm", key, nonce);
  const sealed = Buffer.concat([cipher.update(plaintext, "utf8"), cipher.final(), cipher.getAuthTag()]);
  return `v1:${nonce.toString("base64")}:${sealed.toString("base64")}`;
}

function decryptWith(key: Buffer, ciphertext: string): string {
  const [version, nonce, sealed, ...rest] = ciphertext.split(":");
  if (version !== "v1" || nonce === undefined || sealed === undefined || rest.length > 0) {
    throw new Error("not a v1 ciphertext");
  }
  const bytes = Buffer.from(sealed, "base64");
  const decipher = createDecipheriv("aes-256-gcm", key, Buffer.from(nonce, "base64"), { authTagLength: tagBytes });
  decipher.setAuthTag(bytes.subarray(-tagBytes));
  return decipher.update(bytes.subarray(0, -tagBytes), undefined, "utf8") + decipher.final("utf8");
}
