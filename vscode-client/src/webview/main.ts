/** The chat's page begins here. */
import './styles/base.css';
import './styles/frame.css';
import './styles/messages.css';
import './styles/cards.css';
import './styles/composer.css';
import { start } from './app.js';

const root = document.getElementById('app');
if (root !== null) start(root);
