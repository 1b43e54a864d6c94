export { AnswerError, type Dialect, type NextToken, type Question, type QuestionText } from './dialect';
export { echoOfIds, echoOfText } from './echo';
export { llamaCpp, llamaCppPython } from './llama-cpp';
export { sglang } from './sglang';
export { vllm } from './vllm';
