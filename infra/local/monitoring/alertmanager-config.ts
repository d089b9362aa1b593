import { stringify } from "yaml";

export interface AlertmanagerConfig {
  /** SMTP server that takes the mails, on 127.0.0.1. */
  readonly smtpPort: number;
  readonly smtpUser: string;
  readonly smtpPassword: string;
  readonly from: string;
  /** Who is told. */
  readonly to: string;
}

/** alertmanager.yml: every alert by mail, one mail a group, again after four hours. The file holds a password: mode 600. */
export function alertmanagerConfig(config: AlertmanagerConfig): string {
  return stringify({
    global: {
      smtp_smarthost: `127.0.0.1:${config.smtpPort}`,
      smtp_from: config.from,
      smtp_auth_username: config.smtpUser,
      smtp_auth_password: config.smtpPassword,
      // The receiver is on this host.
      smtp_require_tls: false,
    },
    route: {
      receiver: "operator",
      group_by: ["alertname"],
      group_wait: "5s",
      group_interval: "1m",
      repeat_interval: "4h",
    },
    receivers: [{ name: "operator", email_configs: [{ to: config.to, send_resolved: true }] }],
  });
}
