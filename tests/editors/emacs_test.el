;;; Emacs as a person uses it: the manual's configuration, eglot, code actions and answers.  -*- lexical-binding: t -*-
;; Run by test_emacs.py as `emacs --batch -q -f package-initialize -l init.el -l emacs_test.el`,
;; with SCENARIO in the environment.

(require 'cl-lib)
(require 'eglot)

(setq eglot-sync-connect 20
      eglot-autoshutdown nil
      make-backup-files nil
      auto-save-default nil
      create-lockfiles nil)

(defvar number 0)

(defun check (name ok &optional detail)
  (cl-incf number)
  (princ (format "%s %d - %s%s\n" (if ok "ok" "not ok") number name
                 (if (or ok (null detail)) "" (format " # %S" detail))))
  (unless ok (kill-emacs 1)))

(defvar root default-directory)
(defun in-project (path) (expand-file-name path root))

;; Emacs in batch is never idle, so what it does when idle (eglot tells of changes then) is done by hand.
(defun wait (seconds)
  (accept-process-output nil seconds)
  (mapc #'timer-event-handler (copy-sequence timer-idle-list)))

(defun until (name condition &optional detail)
  (let ((deadline (+ (float-time) 30)) found)
    (while (and (not (setq found (funcall condition))) (< (float-time) deadline))
      (wait 0.02))
    (check name found (and detail (funcall detail)))))

;; The person's answers, in order: each a pattern that the chosen title must fit. Where there is none the
;; person types `C-g', which leaves the request unanswered; in batch a real quit would end Emacs.
(defvar answers nil)
(defvar asked nil)
(defvar before-answering #'ignore)
(defun answer-as-a-person (prompt collection &rest _)
  (funcall before-answering prompt)
  (let* ((titles (all-completions "" collection))
         (wanted (pop answers)))
    ;; What does not fit a message is in a file that it names.
    (when (string-match "All of it is in \\(.+\\.md\\)" prompt)
      (setq prompt (concat prompt (on-disk (match-string 1 prompt)))))
    (push (cons prompt titles) asked)
    (or (and wanted (cl-find-if (lambda (title) (string-match-p wanted title)) titles))
        (throw 'dismissed nil))))
(advice-add 'completing-read :override #'answer-as-a-person)
(advice-add 'jsonrpc-connection-receive :around (lambda (receive &rest arguments)
                                                  (catch 'dismissed (apply receive arguments))))

;; What the echo area showed; in batch it is not kept.
(defvar shown nil)
(defun messages () (mapconcat #'identity shown "\n"))
(defun message-with (pattern) (cl-some (lambda (text) (string-match-p pattern text)) shown))
(advice-add 'message :after (lambda (text &rest rest)
                              (when text (push (apply #'format-message text rest) shown))))

(defun on-disk (path)
  (with-temp-buffer (insert-file-contents (in-project path)) (buffer-string)))

(defun open (path)
  (set-buffer (find-file-noselect (in-project path)))
  (unless (eglot-managed-p) (call-interactively #'eglot))
  (until (concat "the server attaches to " (file-name-nondirectory path)) #'eglot-managed-p)
  (buffer-enable-undo)
  (current-buffer))

;; One key at a time, as fingers do: each becomes a change of its own.
(defun type (words)
  (dolist (character (append words nil))
    (insert (char-to-string character))
    (undo-boundary)))

(defun go-to-line-of (words)
  (goto-char (point-min))
  (check (concat "there is a line with " words) (search-forward words nil t))
  (beginning-of-line))

(defun actions-here ()
  (let ((beginning (line-beginning-position)) (end (line-end-position)))
    (append (eglot-code-actions beginning end) nil)))

;; Opens the menu of code actions on this line and takes the one whose title fits.
(defun act (pattern)
  (let (found)
    (until (concat "there is an action " pattern)
           (lambda ()
             (setq found (cl-find-if (lambda (action) (string-match-p pattern (plist-get action :title)))
                                     (actions-here))))
           (lambda () (mapcar (lambda (action) (plist-get action :title)) (actions-here))))
    (let ((command (plist-get found :command)))
      (if (stringp command)
          (eglot-execute-command (eglot-current-server) (intern command) (plist-get found :arguments))
        (eglot-execute-command (eglot-current-server) (intern (plist-get command :command))
                               (plist-get command :arguments))))))

(defun has (words) (string-search words (buffer-string)))

;; eglot 1.9 shows no progress, so the end of a turn is seen in what it leaves behind.
(defun asks () (length asked))

;; An edit of a file that is open with unsaved typing: asked about, made in the buffer, taken back by undo.
(defun scenario-code_action ()
  (let ((path "src/click/utils.py") mine disk)
    (open path)
    (setq disk (on-disk path))
    (goto-char (point-min))
    (type "# mine, not saved\n")
    (setq mine (buffer-string)
          answers '("\\`Approve once\\'"))
    (go-to-line-of "def _posixify")
    (act "\\`Droid: document\\'")
    (until "the edit is in the buffer" (lambda () (has "Lower-case, dashed.")) (lambda () asked))
    (check "it was asked about once" (= (asks) 1) asked)
    (check "the question shows the change" (string-search "Lower-case, dashed." (caar asked)) asked)
    (check "the unsaved typing is still there" (eql (has "# mine, not saved") 0))
    (check "the buffer is still unsaved" (buffer-modified-p))
    (check "the file on disk is untouched" (equal (on-disk path) disk))
    (undo-boundary)
    (let ((last-command 'ignore)) (undo))
    (check "one undo takes the whole edit back" (equal (buffer-string) mine))))

;; Of two calls one is allowed and one is not.
(defun scenario-approve_and_reject ()
  (open "src/click/utils.py")
  (setq answers '("\\`Approve once\\'" "\\`Reject\\'"))
  (go-to-line-of "def _posixify")
  (act "\\`Droid: fix\\'")
  (until "both calls were asked about" (lambda () (= (asks) 2)) (lambda () asked))
  (check "the question shows the exact command" (string-search "echo kept > kept.txt" (car (cadr asked))) asked)
  (check "the allowed command ran" (file-exists-p (in-project "kept.txt")))
  (check "the rejected command did not" (not (file-exists-p (in-project "lost.txt"))))
  (wait 0.5))

;; An instruction typed into the code runs without a question about where it came from.
(defun scenario-typed_comment ()
  (open "src/click/utils.py")
  (go-to-line-of "def _posixify")
  (save-excursion (insert "\n"))
  (type "# droid: say what is odd here")
  (act "\\`Droid: run ")
  (wait 1)
  (check "nothing was asked" (= (asks) 0) asked))

;; The same words in a file that was written elsewhere are shown and confirmed first.
(defun scenario-foreign_comment ()
  (open "src/click/utils.py")
  (go-to-line-of "# droid:")
  (act "\\`Droid: run ")
  (until "it is asked about" (lambda () (= (asks) 1)))
  (check "the question shows the comment" (string-search "say what is odd here" (caar asked)) asked)
  (wait 0.3))

;; A conversation in a document: write, send, approve there, read the answer there.
(defun scenario-session_document ()
  (open "talk.droid.md")
  (type "## You\n\nMake a file, please.")
  (act "\\`Droid: send\\'")
  (act "\\`Droid: approve once")
  (until "the answer is in the document" (lambda () (has "The file is there.")) #'buffer-string)
  (check "the command ran" (file-exists-p (in-project "kept.txt")))
  (until "there is a place for the next prompt"
         (lambda () (string-match-p "## You[ \n]*\\'" (buffer-string))) #'buffer-string))

;; A region is marked, and the menu that a person opens is asked about it.
(defun scenario-region ()
  (open "src/click/utils.py")
  (go-to-line-of "def _posixify")
  (set-mark (point))
  (forward-line 2)
  (setq mark-active t
        answers '("\\`Droid: explain\\'"))
  (transient-mark-mode 1)
  ;; By a key, not by the mouse.
  (let ((last-nonmenu-event ?a)) (call-interactively #'eglot-code-actions))
  (check "the menu was opened once" (= (asks) 1) asked)
  (check "with all that can be done here"
         (cl-every (lambda (title) (member title (cdar asked)))
                   '("Droid: explain" "Droid: fix" "Droid: document" "Droid: new session"))
         asked)
  (until "the answer is told, and where all of it is"
         (lambda () (message-with "Nothing is odd here\\..*all of it: .*\\.droid\\.md")) #'messages))

;; Two hunks are proposed: the prompt is left, the `.diff' opened, one hunk rejected and the other accepted.
(defun scenario-review ()
  (let ((code (open "src/click/utils.py")) path)
    (setq answers nil)
    (go-to-line-of "def _posixify")
    (act "\\`Droid: document\\'")
    (until "it is asked about" (lambda () (= (asks) 1)) #'messages)
    (act "\\`Droid: review changes\\'")
    (until "a message names the file" (lambda () (message-with "The changes are in .*\\.diff\\.")) #'messages)
    (cl-some (lambda (text) (when (string-match "The changes are in \\(.*\\.diff\\)\\." text)
                              (setq path (match-string 1 text))))
             shown)
    (open path)
    (check "it says what it is" (string-prefix-p "# Proposed changes, not written yet" (buffer-string))
           (buffer-string))
    (go-to-line-of "+    \"\"\"Lower-case, dashed.\"\"\"")
    (act "\\`Droid: reject hunk\\'")
    (until "it says so" (lambda () (has "rejected")) #'buffer-string)
    (go-to-line-of "+# looked at")
    (act "\\`Droid: accept hunk\\'")
    (set-buffer code)
    (until "the hunk that was accepted is in the buffer" (lambda () (has "# looked at\n")) #'messages)
    (check "the other is not" (not (has "Lower-case, dashed.")))
    (check "nobody was asked a second time" (= (asks) 1) asked)
    (until "the turn ends" (lambda () (message-with "Droid: Done")) #'messages)))

;; The person types in the file while it is asked about: what was typed stays, and the edit is made anew.
(defun scenario-typing_meanwhile ()
  (let ((buffer (open "src/click/utils.py")) (typed 0))
    (setq answers '("\\`Approve once\\'" "\\`Approve once\\'")
          before-answering (lambda (_)
                             (when (= (cl-incf typed) 1)
                               (with-current-buffer buffer
                                 (goto-char (point-min))
                                 (type "# mine, typed meanwhile\n")
                                 (eglot--signal-textDocument/didChange)))))
    (go-to-line-of "def _posixify")
    (act "\\`Droid: document\\'")
    (until "the edit is in the buffer" (lambda () (has "Lower-case, dashed.")) (lambda () asked))
    (until "the turn ends" (lambda () (message-with "Droid: Done")) #'messages)
    (check "what was typed is there" (eql (has "# mine, typed meanwhile\n") 0) (buffer-string))
    (check "once" (not (string-search "# mine" (buffer-string) 5)))
    (check "each edit was asked about" (= (asks) 2) asked)
    (check "the second question shows the same change"
           (string-search "Lower-case, dashed." (caar asked)) asked)
    (undo-boundary)
    (let ((last-command 'ignore)) (undo))
    (check "undo takes the edit back" (not (has "Lower-case, dashed.")))
    (check "and leaves what was typed" (eql (has "# mine, typed meanwhile\n") 0))))

;; The server is killed in mid-answer: Emacs says so and starts it again, and the conversation goes on.
(defun scenario-server_killed ()
  (let (began server)
    (open "talk.droid.md")
    (setq began (float-time)
          server (eglot-current-server))
    (type "## You\n\nTell me a long story.")
    (act "\\`Droid: send\\'")
    (until "the answer streams" (lambda () (has "quick brown fox")) #'buffer-string)
    ;; eglot starts a server again that has run for as long as this.
    (until "it has run for a while" (lambda () (> (- (float-time) began) (1+ eglot-autoreconnect))))
    (signal-process (jsonrpc--process server) 'SIGKILL)
    (until "Emacs says that it is gone" (lambda () (message-with "Server exited")) #'messages)
    (until "another one serves the document"
           (lambda () (let ((now (eglot-current-server))) (and now (not (eq now server))))) #'messages)
    (check "what had arrived is kept" (has "quick brown fox"))
    (goto-char (point-max))
    (type "\nGo on, please.")
    (act "\\`Droid: send\\'")
    (until "the next answer is in the document" (lambda () (has "I went on.")) #'buffer-string)
    (check "below how the turn before ended"
           (< (has "the transcript ends in the middle of this turn") (has "I went on.")) (buffer-string))))

;; Words in an empty document are sent as they are; the headings come by themselves.
(defun scenario-plain_document ()
  (open "talk.droid.md")
  (check "nothing is added unasked" (string-empty-p (buffer-string)))
  (act "\\`Droid: start a session here\\'")
  (until "there is a place to write"
         (lambda () (string-match-p "## You[ \n]*\\'" (buffer-string))) #'buffer-string)
  (erase-buffer)
  (type "Make a file, please.")
  (act "\\`Droid: send\\'")
  (act "\\`Droid: approve once")
  (until "the answer is in the document" (lambda () (has "The file is there.")) #'buffer-string)
  (check "it has a title" (string-prefix-p "# Make a file, please.\n" (buffer-string)) (buffer-string))
  (check "the words stand under a heading"
         (has "## You\n\nMake a file, please.\n\n## Droid") (buffer-string)))

;; A command needs what is not saved: it is saved, and the command goes on.
(defun scenario-save_first ()
  (open "src/click/utils.py")
  (setq answers '("\\`Approve once\\'" "\\`Approve once\\'" "\\`I save them now\\'"))
  (go-to-line-of "def _posixify")
  (act "\\`Droid: document\\'")
  (until "it says what is not saved" (lambda () (= (asks) 3)) (lambda () asked))
  (check "by name" (string-search "src/click/utils.py" (caar asked)) asked)
  (wait 0.7)
  (check "the command waits" (not (file-exists-p (in-project "kept.txt"))))
  (save-buffer)
  (until "the command runs" (lambda () (file-exists-p (in-project "kept.txt"))))
  (wait 0.5)
  (check "it saw what was saved" (string-search "Lower-case, dashed." (on-disk "kept.txt"))))

;; Cancelled in the middle of an answer: over at once, and what had arrived stays.
(defun scenario-cancel ()
  (open "talk.droid.md")
  (type "## You\n\nTell me a long story.")
  (act "\\`Droid: send\\'")
  (until "the answer streams" (lambda () (has "quick brown fox")) #'buffer-string)
  (act "\\`Droid: cancel\\'")
  (let ((began (float-time)))
    (until "the document says so" (lambda () (has "Cancelled")) #'buffer-string)
    (check "within two seconds" (< (- (float-time) began) 2)))
  (check "what had arrived is kept" (has "quick brown fox")))

(funcall (intern (concat "scenario-" (getenv "SCENARIO"))))
(set-buffer-modified-p nil)
(eglot-shutdown (eglot-current-server) nil 5)
(kill-emacs 0)
