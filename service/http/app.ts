import type { RequestListener } from "node:http";
import express from "express";
import { serveMissingPage, serveStorefront } from "../pages/serve-storefront.ts";
import { answerErrors, guarded } from "./answer-errors.ts";
import type { CachedRoute } from "./cached-route.ts";
import { cancelOrderRoute } from "./cancel-order.ts";
import { categories } from "./categories.ts";
import { changePasswordRoute } from "./change-password.ts";
import { withDirectWay } from "./direct-way.ts";
import { entrance } from "./entrance.ts";
import { me } from "./me.ts";
import { openapi } from "./openapi.ts";
import { ownOrder, ownOrders } from "./own-orders.ts";
import { logOut, logOutEverywhere, ownSessions, revokeSession } from "./own-sessions.ts";
import { placeOrderRoute } from "./place-order.ts";
import { answerRefusal } from "./problem.ts";
import { productDetail } from "./product-detail.ts";
import { productList } from "./product-list.ts";
import { refreshToken } from "./refresh-token.ts";
import { register } from "./register.ts";
import { confirmReset, requestReset } from "./reset-password.ts";
import { mount, type Route } from "./route.ts";
import { searchRoute } from "./search.ts";
import type { Services } from "./services.ts";
import { withShortWay } from "./short-way.ts";
import { changeProduct, createProduct, staffProduct } from "./staff-products.ts";
import { staffStock, stockChanges } from "./staff-stock.ts";
import { token } from "./token.ts";
import { resendVerification, verifyEmail } from "./verify-email.ts";

/** The public routes. */
export function createApp(services: Services): RequestListener {
  const app = express();
  // The limits' rules match paths exactly; looser routing would let other spellings of a path get round them.
  app.enable("strict routing");
  app.enable("case sensitive routing");
  app.disable("x-powered-by");
  app.set("trust proxy", [...services.proxies.trusted]);
  app.set("query parser", "simple");

  const { arrival, protection } = entrance(services);
  for (const step of arrival) app.use(step);
  // In front of the limits: pages and their files cost nothing, and a customer who was limited must still see why.
  if (services.storefront !== undefined) app.use(serveStorefront(services.storefront));
  for (const step of protection) app.use(step);
  const reads = cachedRoutes(services);
  const routes = [...reads, ...otherRoutes(services)];
  mount(app, routes);

  if (services.storefront !== undefined) app.use(serveMissingPage(services.storefront));
  app.use((_request, response) => answerRefusal(response, { code: "not-found" }));
  app.use(answerErrors(services));
  return guarded(services, withShortWay(services, reads, withDirectWay(services, routes, app)));
}

/** The router asks routes in turn: what is asked most comes first. The search's path also has the form of a product's. */
function cachedRoutes(services: Services): readonly CachedRoute[] {
  return [productList(services), searchRoute(services), productDetail(services), categories(services)];
}

function otherRoutes(services: Services): readonly Route[] {
  return [
    register(services),
    verifyEmail(services),
    resendVerification(services),
    token(services),
    refreshToken(services),
    logOut(services),
    logOutEverywhere(services),
    ownSessions(services),
    revokeSession(services),
    changePasswordRoute(services),
    requestReset(services),
    confirmReset(services),
    me(services),
    ownOrders(services),
    placeOrderRoute(services),
    ownOrder(services),
    cancelOrderRoute(services),
    createProduct(services),
    staffProduct(services),
    changeProduct(services),
    staffStock(services),
    stockChanges(services),
    openapi(),
  ];
}
