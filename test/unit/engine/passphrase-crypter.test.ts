import { describe, expect, it } from "vitest";
import { createCrypter, openCrypter } from "../../../infra/engine/passphrase-crypter.ts";

/** Made by the Pulumi CLI 3.255.0: `pulumi stack init`, `pulumi config set --secret`. */
const vector = {
  passphrase: "correct horse battery staple",
  encryptionSalt: "v1:qwlCi/+QQSU=:v1:wsVq5LUjCL50kKsT:XAYfGCITVVQD6OawkJkabIMWWeBRbA==",
  ciphertext: "v1:UOEiD3JSHm3qrU/u:XPHOmVSeaMPPuqr9TExr0FElcqHyhOovloq7DUlrwLc0IL6G",
  plaintext: 'grüße <&> "quoted"',
};

describe("the passphrase crypter", () => {
  it("reads what the Pulumi CLI wrote", async () => {
    const crypter = await openCrypter(vector.passphrase, vector.encryptionSalt);
    expect(crypter.decrypt(vector.ciphertext)).toBe(vector.plaintext);
  });

  it("refuses another passphrase", async () => {
    await expect(openCrypter("wrong", vector.encryptionSalt)).rejects.toMatchObject({
      code: "configuration",
      message: "the passphrase does not belong to this stack (incorrect passphrase)",
    });
  });

  it("refuses a salt in another format", async () => {
    await expect(openCrypter(vector.passphrase, "v2:abc")).rejects.toMatchObject({ code: "configuration" });
  });

  it("gives back what it encrypted, each time in another text", async () => {
    const crypter = await createCrypter("a", Buffer.from("01234567"));
    const [first, second] = [crypter.encrypt("héllo"), crypter.encrypt("héllo")];
    expect(first).not.toBe(second);
    expect([crypter.decrypt(first), crypter.decrypt(second)]).toEqual(["héllo", "héllo"]);
    const reopened = await openCrypter("a", crypter.encryptionSalt);
    expect(reopened.decrypt(first)).toBe("héllo");
  });

  it("notices a changed ciphertext", async () => {
    const crypter = await createCrypter("a", Buffer.from("01234567"));
    const [version, nonce, sealed = ""] = crypter.encrypt("value").split(":");
    const bytes = Buffer.from(sealed, "base64");
    bytes.writeUInt8(bytes.readUInt8(0) ^ 1, 0);
    expect(() => crypter.decrypt([version, nonce, bytes.toString("base64")].join(":"))).toThrow();
  });
});
