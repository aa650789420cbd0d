export { createRandom } from './chaos/random.js';
export { type AnyConversationOptions, anyConversation } from './conversations/any-conversation.js';
export { checkCompiled } from './conversations/check-compiled.js';
export { findViolations } from './conversations/find-violations.js';
