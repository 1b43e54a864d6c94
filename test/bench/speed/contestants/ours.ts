import { serveOurs } from '../our-process';
import { MODEL } from '../workload';

serveOurs(MODEL);
