/** Entries in the shapes of https://huggingface.co/docs/hub/api (GET /api/models and /api/datasets with `expand`), as
 *  ModelInfo and DatasetInfo of https://huggingface.co/docs/huggingface_hub/package_reference/hf_api read them; made up. */

export const SHA = '0123456789abcdef0123456789abcdef01234567';

export const hubModel = (id: string, more: object = {}) => ({
  _id: '621ffdc036468d709f174338',
  id,
  sha: SHA,
  gated: false,
  downloads: 1_200_000,
  likes: 30,
  tags: ['transformers', 'safetensors', 'bert', 'text-classification', 'en', 'license:apache-2.0', 'dataset:socks'],
  pipeline_tag: 'text-classification',
  library_name: 'transformers',
  safetensors: { parameters: { F32: 66_000_000 }, total: 66_000_000 },
  usedStorage: 900_000_000,
  cardData: { license: 'apache-2.0', language: 'en', datasets: ['socks'] },
  'model-index': [
    {
      name: id,
      results: [
        {
          task: { type: 'text-classification', name: 'Text Classification' },
          dataset: { name: 'socks', type: 'socks', config: 'default', split: 'validation' },
          metrics: [
            { type: 'accuracy', value: 0.91, name: 'Accuracy', verified: true },
            { type: 'f1', value: 'n/a' },
          ],
        },
      ],
    },
  ],
  ...more,
});

export const hubDataset = (id: string, more: object = {}) => ({
  _id: '621ffdd236468d709f181d58',
  id,
  sha: SHA,
  gated: 'manual',
  downloads: 500,
  tags: [
    'task_categories:text-classification',
    'language:en',
    'language:de',
    'license:cc-by-4.0',
    'size_categories:10K<n<100K',
  ],
  usedStorage: 40_000_000,
  cardData: { license: ['cc-by-4.0'], task_categories: ['text-classification'] },
  ...more,
});
