import { InvalidInputError } from '@loci/core';
import { equal, holds, like, rejection } from '../kit/assertions.js';
import { embeddingCase, errorOf, expectClosed, expectVectors, texts } from './tools.js';

const malformed = (id: string, scenario: 'missing' | 'extra' | 'ragged' | 'garbage', what: string) =>
  embeddingCase(`answer/${id}`, scenario, `an answer with ${what} is malformed`, async (scene) => {
    like(await errorOf(scene), { kind: 'malformed' });
  });

/** One text more than a request takes. */
function tooMany(maxInputs: number | 'unknown'): readonly string[] {
  const count = maxInputs === 'unknown' ? 3 : maxInputs + 1;
  return Array.from({ length: count }, (_, index) => texts[index % texts.length] ?? '');
}

export const answerCases = [
  embeddingCase('order/kept', 'vectors', 'vectors are in the order of their texts', async (scene) => {
    const { vectors } = await scene.model.embed(texts);
    await expectVectors(scene, texts, vectors);
    holds(new Set(vectors.map(String)).size === texts.length, 'two texts have the same vector');
  }),
  embeddingCase(
    'order/shuffled',
    'shuffled',
    'vectors that come in another order are put into that of their texts',
    async (scene) => {
      await expectVectors(scene, texts, (await scene.model.embed(texts)).vectors);
    },
  ),
  embeddingCase(
    'batch/split',
    'vectors',
    'more texts than one request takes are sent in several, in order',
    async (scene) => {
      const { maxInputs } = scene.model;
      const many = tooMany(maxInputs);
      const { vectors } = await scene.model.embed(many);
      equal(vectors.length, many.length);
      if (maxInputs !== 'unknown') holds(scene.requests() > 1, 'one request held too many texts');
      const last = many.slice(-2);
      await expectVectors(scene, last, vectors.slice(-2));
    },
  ),
  embeddingCase('empty/none', 'vectors', 'no texts have no vectors, and nobody is asked', async (scene) => {
    const { vectors, usage } = await scene.model.embed([]);
    equal([vectors, usage?.input, scene.requests()], [[], 0, 0]);
  }),
  embeddingCase(
    'empty/text',
    'vectors',
    'an empty text is refused with its place, and nobody is asked',
    async (scene) => {
      const error = await rejection(scene.model.embed(['apple', '']));
      holds(InvalidInputError.isInstance(error), `expected an InvalidInputError and got ${String(error)}`);
      equal([error.path, scene.requests()], ['texts[1]', 0]);
    },
  ),
  embeddingCase(
    'vectors/dimensions',
    'vectors',
    'every vector has the stated number of dimensions',
    async ({ model }) => {
      const { vectors } = await model.embed(texts);
      const [length] = new Set(vectors.map((vector) => vector.length));
      holds(length !== undefined && length > 0, 'a vector is empty');
      equal(model.dimensions === 'unknown' ? length : model.dimensions, length);
    },
  ),
  malformed('missing', 'missing', 'a vector too few'),
  malformed('extra', 'extra', 'a vector too many'),
  malformed('ragged', 'ragged', 'vectors of two lengths'),
  malformed('garbage', 'garbage', 'a vector that is no list of numbers'),
  embeddingCase(
    'usage/stated',
    'vectors',
    'the usage is what the vendor stated, with no output',
    async ({ model }) => {
      const { usage } = await model.embed(texts);
      holds(usage && usage.input > 0, 'no input was used');
      equal([usage.output, usage.reasoning], [0, 0]);
    },
  ),
  embeddingCase('usage/sum', 'vectors', 'the usage is that of all requests together', async ({ model }) => {
    const many = tooMany(model.maxInputs);
    const { usage } = await model.embed(many);
    const single = await Promise.all(texts.map(async (text) => (await model.embed([text])).usage));
    const least = Math.min(...single.map((one) => one?.input ?? Number.NaN));
    holds(usage && usage.input >= least * many.length, 'the usage of a request is missing');
  }),
  embeddingCase('usage/null', 'no-usage', 'usage that was not stated is null', async ({ model }) => {
    equal((await model.embed(texts)).usage, null);
  }),
  embeddingCase('model/named', 'vectors', 'the answer names provider and model', async ({ model }) => {
    const { model: named } = await model.embed(texts);
    equal(named.provider, model.provider);
    holds(named.modelId !== '', 'the model has no id');
  }),
  embeddingCase('answer/closed', 'vectors', 'an answer leaves no connection and no timer', async (scene) => {
    await scene.model.embed(texts);
    await expectClosed(scene);
  }),
];
