import { render } from 'preact';

const page = document.getElementById('chat');
if (page) render(<h1>MLR Copilot</h1>, page);
