import './page.css';
import { App } from './app';
import { connect } from './host';

const root = document.getElementById('app');
if (root !== null) {
  const host = connect();
  window.addEventListener('error', (event) => host.post({ type: 'problem', reason: event.message }));
  window.addEventListener('unhandledrejection', (event) => {
    host.post({ type: 'problem', reason: String(event.reason) });
  });
  const app = new App(host, root);
  window.addEventListener('message', (event: MessageEvent<unknown>) => app.receive(event.data));
  host.post({ type: 'ready' });
}
