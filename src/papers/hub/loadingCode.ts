import type { HubEntry } from '../../domain/hub.ts';

/** The class of transformers that loads a model for a task.
 *  Source: https://huggingface.co/docs/transformers/model_doc/auto */
const CLASSES: Readonly<Record<string, string>> = {
  'text-classification': 'AutoModelForSequenceClassification',
  'zero-shot-classification': 'AutoModelForSequenceClassification',
  'text-ranking': 'AutoModelForSequenceClassification',
  'token-classification': 'AutoModelForTokenClassification',
  'question-answering': 'AutoModelForQuestionAnswering',
  'fill-mask': 'AutoModelForMaskedLM',
  'text-generation': 'AutoModelForCausalLM',
  summarization: 'AutoModelForSeq2SeqLM',
  translation: 'AutoModelForSeq2SeqLM',
  'image-classification': 'AutoModelForImageClassification',
  'image-segmentation': 'AutoModelForImageSegmentation',
  'object-detection': 'AutoModelForObjectDetection',
  'audio-classification': 'AutoModelForAudioClassification',
  'automatic-speech-recognition': 'AutoModelForSpeechSeq2Seq',
};

/** Python that loads this revision and no other. An id that is none of the Hub's never comes here: it stands in code. */
export function loadingCode({ kind, id, revision, path, library, tasks }: Omit<HubEntry, 'code' | 'fit'>): string {
  const pinned = revision === null ? '' : `, revision="${revision}"`;
  const here = path === undefined ? '' : ', local_files_only=True';
  if (kind === 'dataset') {
    const place = path === undefined ? `"${id}"${pinned}` : `${JSON.stringify(path)}`;
    return `from datasets import load_dataset\ndata = load_dataset(${place})\n`;
  }
  const from = `"${id}"${pinned}${here}`;
  switch (library) {
    case 'sentence-transformers':
      return `from sentence_transformers import SentenceTransformer\nmodel = SentenceTransformer(${from})\n`;
    case 'diffusers':
      return `from diffusers import DiffusionPipeline\npipeline = DiffusionPipeline.from_pretrained(${from})\n`;
    case 'timm':
      return `import timm\nmodel = timm.create_model("hf_hub:${id}${revision === null ? '' : `@${revision}`}", pretrained=True)\n`;
    case 'transformers': {
      const model = CLASSES[tasks[0] ?? ''] ?? 'AutoModel';
      const other = /^(image|object|video|depth)/.test(tasks[0] ?? '') ? 'AutoImageProcessor' : 'AutoTokenizer';
      const processor = /^(audio|automatic-speech)/.test(tasks[0] ?? '') ? 'AutoProcessor' : other;
      const name = processor === 'AutoTokenizer' ? 'tokenizer' : 'processor';
      return `from transformers import ${model}, ${processor}\n${name} = ${processor}.from_pretrained(${from})\nmodel = ${model}.from_pretrained(${from})\n`;
    }
    default:
      return `from huggingface_hub import snapshot_download\nfolder = snapshot_download(${from})\n`;
  }
}

/** Whether an id, of a repository on the Hub, may stand in code and in a path.
 *  Source: https://github.com/huggingface/huggingface_hub/blob/main/src/huggingface_hub/utils/_validators.py */
export function isHubId(id: string): boolean {
  return /^(?:[\w-][\w.-]{0,95}\/)?[\w-][\w.-]{0,95}$/.test(id) && !/--|\.\.|\.git$/.test(id);
}

/** A commit, as it stands in code. */
export function commitOr(text: string | null | undefined): string | null {
  return text && /^[0-9a-f]{40}$/.test(text) ? text : null;
}
