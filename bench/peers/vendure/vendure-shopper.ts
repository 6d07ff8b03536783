interface Answer<Data> {
  data?: Data;
  errors?: { message: string }[];
}

const products = 20;

/** What the four steps up to the payment are in one request: the fewest that its shop API allows. */
const place = `mutation Place($variant: ID!) {
  addItemToOrder(productVariantId: $variant, quantity: 1) { __typename ... on ErrorResult { message } }
  setOrderShippingAddress(input: { fullName: "Buyer", streetLine1: "12 Tràng Tiền", city: "Hà Nội", countryCode: "VN" }) {
    __typename ... on ErrorResult { message }
  }
  setOrderShippingMethod(shippingMethodId: "1") { __typename ... on ErrorResult { message } }
  transitionOrderToState(state: "ArrangingPayment") {
    __typename ... on Order { totalWithTax } ... on OrderStateTransitionError { transitionError }
  }
}`;

const pay = `mutation Pay {
  addPaymentToOrder(input: { method: "dummy", metadata: {} }) { __typename ... on Order { state } ... on ErrorResult { message } }
}`;

/** A customer of a Vendure shop who is signed in. Both answers of a purchase are checked, as those of bmms are. */
export class VendureShopper {
  private constructor(
    private readonly shopApi: string,
    private readonly token: string,
  ) {}

  static async signUp(shopApi: string, client: number): Promise<VendureShopper> {
    const [emailAddress, password] = [`buyer-${client}@example.test`, `bench-password-${client}`];
    await send(shopApi, null, {
      query: `mutation ($input: RegisterCustomerInput!) { registerCustomerAccount(input: $input) { __typename } }`,
      variables: { input: { emailAddress, password, firstName: 'Buyer', lastName: String(client) } },
    });
    const { token } = await send(shopApi, null, {
      query: `mutation ($username: String!, $password: String!) { login(username: $username, password: $password) { __typename } }`,
      variables: { username: emailAddress, password },
    });

    if (token === null) {
      throw new Error(`Vendure does not sign ${emailAddress} in.`);
    }

    return new VendureShopper(shopApi, token);
  }

  /** One thing, paid. @throws Error when an answer is not as it should be */
  async placeAndPay(): Promise<void> {
    const variant = String(1 + Math.floor(Math.random() * products));
    const placed = await this.ask<{ transitionOrderToState: { totalWithTax?: number } }>({
      query: place,
      variables: { variant },
    });

    if (placed.transitionOrderToState.totalWithTax !== 55_000) {
      throw new Error(`Vendure: ${JSON.stringify(placed)}`);
    }
    const paid = await this.ask<{ addPaymentToOrder: { state?: string } }>({ query: pay });

    if (paid.addPaymentToOrder.state !== 'PaymentSettled') {
      throw new Error(`Vendure: ${JSON.stringify(paid)}`);
    }
  }

  private async ask<Data>(body: object): Promise<Data> {
    const { data, errors } = (await send(this.shopApi, this.token, body)).answer as Answer<Data>;

    if (errors !== undefined || data === undefined) {
      throw new Error(`Vendure: ${JSON.stringify(errors)}`);
    }

    return data;
  }
}

async function send(shopApi: string, token: string | null, body: object) {
  const response = await fetch(shopApi, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...(token === null ? {} : { Authorization: `Bearer ${token}` }) },
    body: JSON.stringify(body),
  });

  return { answer: await response.json(), token: response.headers.get('vendure-auth-token') };
}
