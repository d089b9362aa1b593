import type * as accounts from "../../contract/accounts.ts";
import type * as catalogue from "../../contract/catalogue.ts";
import type * as orders from "../../contract/orders.ts";
import type * as passwords from "../../contract/passwords.ts";
import type * as sessions from "../../contract/sessions.ts";
import { routes } from "../../contract/routes.ts";
import { endpoint } from "./endpoint.ts";

export const register = endpoint<typeof accounts.register>("post", routes.register, "none");
export const signIn = endpoint<typeof accounts.signIn>("post", routes.token, "none");
export const readMe = endpoint<typeof accounts.readMe>("get", routes.me, "account");
export const verifyEmail = endpoint<typeof accounts.verifyEmail>("post", routes.verifyEmail, "none");
export const resendVerification = endpoint<typeof accounts.resendVerification>(
  "post",
  routes.resendVerification,
  "account",
);

export const refreshSession = endpoint<typeof sessions.refreshSession>("post", routes.refresh, "none");
export const logOut = endpoint<typeof sessions.logOut>("post", routes.logout, "account");
export const logOutEverywhere = endpoint<typeof sessions.logOutEverywhere>("post", routes.logoutEverywhere, "account");
export const listSessions = endpoint<typeof sessions.listSessions>("get", routes.sessions, "account");
export const revokeSession = endpoint<typeof sessions.revokeSession>("delete", routes.session, "account");

export const changePassword = endpoint<typeof passwords.changePassword>("post", routes.changePassword, "account");
export const requestReset = endpoint<typeof passwords.requestReset>("post", routes.resetPassword, "none");
export const confirmReset = endpoint<typeof passwords.confirmReset>("post", routes.confirmReset, "none");

export const listCategories = endpoint<typeof catalogue.listCategories>("get", routes.categories, "none");
export const listProducts = endpoint<typeof catalogue.listProducts>("get", routes.products, "none");
export const searchProducts = endpoint<typeof catalogue.searchProducts>("get", routes.search, "none");
export const readProduct = endpoint<typeof catalogue.readProduct>("get", routes.product, "none");

export const placeOrder = endpoint<typeof orders.placeOrder>("post", routes.orders, "account");
export const listOrders = endpoint<typeof orders.listOrders>("get", routes.orders, "account");
export const readOrder = endpoint<typeof orders.readOrder>("get", routes.order, "account");
export const cancelOrder = endpoint<typeof orders.cancelOrder>("post", routes.cancelOrder, "account");
