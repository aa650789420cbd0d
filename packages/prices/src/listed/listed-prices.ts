import { combinePrices } from '../combine-prices.js';
import type { PriceSource } from '../price.js';
import { priceTable } from '../price-table.js';
import { anthropicRows, newerAnthropicRows } from './anthropic.js';
import { mistralRows } from './mistral.js';
import { openaiRows } from './openai.js';
import { toModels } from './rows.js';

/**
 * Published prices of OpenAI, Anthropic and Mistral by exact id, each with its day and source; the newest day is November
 * 2026. What sources disagree about, aliases that move (`…-latest`) and models without a published price are `null`.
 */
export const listedPrices: PriceSource = /* @__PURE__ */ combinePrices(
  /* @__PURE__ */ priceTable({
    asOf: '2026-09-23',
    source: 'genai-prices 0.1.8',
    models: {
      openai: /* @__PURE__ */ toModels(openaiRows),
      anthropic: /* @__PURE__ */ toModels(anthropicRows),
      mistral: /* @__PURE__ */ toModels(mistralRows),
    },
  }),
  /* @__PURE__ */ priceTable({
    // Read in November; the first day of the month stands for it.
    asOf: '2026-11-01',
    source: 'platform.claude.com',
    models: { anthropic: /* @__PURE__ */ toModels(newerAnthropicRows) },
  }),
);
