export { type ExamineOptions, examine } from './examine';
export { type Finding, isBroken, type Report, reportText } from './report';
