import Foundation

/// Messages of hosts, in the shapes that their documentation publishes; all names are made up.
enum HookPayloads {
    static let old = String(repeating: "a", count: 40)
    static let new = String(repeating: "b", count: 40)
    static let none = String(repeating: "0", count: 40)

    // MARK: GitHub

    static func gitHubPush(ref: String = "refs/heads/main", before: String = old, after: String = new) -> String {
        """
        {"ref": "\(ref)", "before": "\(before)", "after": "\(after)", "created": false, "deleted": \(after == none),
         "forced": false, "compare": "https://git.example.org/team/app/compare/x",
         "commits": [{"id": "\(after)", "message": "Change", "added": [], "removed": [], "modified": ["a"]}],
         "head_commit": {"id": "\(after)", "message": "Change"},
         "repository": {"id": 1, "name": "app", "full_name": "team/app", "private": true,
           "html_url": "https://git.example.org/team/app", "clone_url": "https://git.example.org/team/app.git",
           "ssh_url": "git@git.example.org:team/app.git", "git_url": "git://git.example.org/team/app.git",
           "default_branch": "main"},
         "pusher": {"name": "ada", "email": "ada@example.org"}, "sender": {"login": "ada", "id": 2}}
        """
    }

    static func gitHubPullRequest(
        action: String = "opened",
        head: String = new,
        fork: Bool = false,
        draft: Bool = false,
        changes: String = "",
        association: String = "CONTRIBUTOR",
        at moment: String = "2026-11-25T08:00:00Z"
    ) -> String {
        """
        {"action": "\(action)", "number": 7, \(changes)
         "pull_request": {"id": 700, "number": 7, "state": "open", "title": "Topic", "draft": \(draft),
           "user": {"login": "ada"}, "merge_commit_sha": null, "author_association": "\(association)",
           "updated_at": "\(moment)",
           "head": {"label": "x:topic", "ref": "topic", "sha": "\(head)",
             "repo": {"full_name": "\(fork ? "grace" : "team")/app",
               "clone_url": "https://git.example.org/\(fork ? "grace" : "team")/app.git"}},
           "base": {"label": "team:main", "ref": "main", "sha": "\(old)",
             "repo": {"full_name": "team/app", "clone_url": "https://git.example.org/team/app.git"}}},
         "repository": {"full_name": "team/app", "clone_url": "https://git.example.org/team/app.git",
           "html_url": "https://git.example.org/team/app"},
         "sender": {"login": "ada"}}
        """
    }

    static func gitHubComment(
        _ text: String,
        by association: String = "MEMBER",
        at moment: String = "2026-11-25T09:00:00Z",
        action: String = "created",
        ofRequest: Bool = true
    ) -> String {
        """
        {"action": "\(action)",
         "issue": {"number": 7, "title": "Topic", "author_association": "CONTRIBUTOR"
           \(ofRequest ? ", \"pull_request\": {\"url\": \"https://git.example.org/api/v3/repos/team/app/pulls/7\"}" : "")},
         "comment": {"id": 1, "body": "\(text)", "user": {"login": "grace"}, "author_association": "\(association)",
           "created_at": "\(moment)", "updated_at": "\(moment)"},
         "repository": {"full_name": "team/app", "clone_url": "https://git.example.org/team/app.git",
           "html_url": "https://git.example.org/team/app"},
         "sender": {"login": "grace"}}
        """
    }

    // MARK: GitLab

    static func gitLabPush(kind: String = "push", ref: String = "refs/heads/main", after: String = new) -> String {
        """
        {"object_kind": "\(kind)", "event_name": "\(kind)", "before": "\(old)", "after": "\(after)", "ref": "\(ref)",
         "checkout_sha": "\(after)", "user_id": 4, "user_name": "Ada L", "user_username": "ada", "project_id": 15,
         "project": {"id": 15, "name": "app", "web_url": "https://lab.example.org/team/app",
           "git_ssh_url": "git@lab.example.org:team/app.git", "git_http_url": "https://lab.example.org/team/app.git",
           "namespace": "team", "path_with_namespace": "team/app", "default_branch": "main"},
         "commits": [], "total_commits_count": 1}
        """
    }

    static func gitLabMergeRequest(
        action: String = "open",
        oldrev: String? = nil,
        source: Int = 15,
        draft: Bool = false,
        changes: String = "{}"
    ) -> String {
        """
        {"object_kind": "merge_request", "event_type": "merge_request", "user": {"name": "Ada L", "username": "ada"},
         "project": {"id": 15, "web_url": "https://lab.example.org/team/app",
           "git_http_url": "https://lab.example.org/team/app.git", "path_with_namespace": "team/app"},
         "object_attributes": {"id": 99, "iid": 7, "target_branch": "main", "source_branch": "topic",
           "source_project_id": \(source), "target_project_id": 15, "state": "opened", "draft": \(draft),
           "source": {"git_http_url": "https://lab.example.org/x/app.git"},
           "target": {"git_http_url": "https://lab.example.org/team/app.git"},
           "last_commit": {"id": "\(new)", "message": "Change"}, "action": "\(action)"
           \(oldrev.map { ", \"oldrev\": \"\($0)\"" } ?? "")},
         "changes": \(changes)}
        """
    }

    // MARK: Gitea

    static func giteaPush(ref: String = "refs/heads/main", after: String = new) -> String {
        """
        {"ref": "\(ref)", "before": "\(old)", "after": "\(after)", "compare_url": "", "commits": [], "total_commits": 1,
         "repository": {"id": 140, "full_name": "team/app", "html_url": "http://tea.example.org:3000/team/app",
           "ssh_url": "ssh://git@tea.example.org:2222/team/app.git",
           "clone_url": "http://tea.example.org:3000/team/app.git", "default_branch": "main"},
         "pusher": {"id": 1, "login": "ada", "username": "ada"}, "sender": {"login": "ada"}}
        """
    }

    static func giteaPullRequest(action: String = "opened", title: String = "Topic") -> String {
        """
        {"action": "\(action)", "number": 7,
         "pull_request": {"id": 70, "number": 7, "title": "\(title)", "state": "open", "user": {"login": "ada"},
           "head": {"ref": "topic", "sha": "\(new)", "repo_id": 9,
             "repo": {"id": 9, "full_name": "grace/app", "clone_url": "http://tea.example.org:3000/grace/app.git"}},
           "base": {"ref": "main", "sha": "\(old)", "repo": {"id": 140, "full_name": "team/app"}}},
         "repository": {"id": 140, "full_name": "team/app", "clone_url": "http://tea.example.org:3000/team/app.git"},
         "sender": {"login": "ada"}}
        """
    }

    static let giteaDelete = """
        {"ref": "topic", "ref_type": "branch", "pusher_type": "user", "sender": {"login": "ada"},
         "repository": {"id": 140, "full_name": "team/app", "clone_url": "http://tea.example.org:3000/team/app.git"}}
        """

    // MARK: Azure DevOps

    static func azurePush(after: String = new) -> String {
        """
        {"subscriptionId": "00000000-0000-0000-0000-000000000000", "notificationId": 1,
         "id": "03c164c2-8912-4d5e-8009-3707d5f83734", "eventType": "git.push", "publisherId": "tfs",
         "message": {"text": "Ada pushed"}, "resourceVersion": "1.0",
         "resource": {"commits": [{"commitId": "\(after)", "comment": "Change"}],
           "refUpdates": [{"name": "refs/heads/main", "oldObjectId": "\(old)", "newObjectId": "\(after)"}],
           "repository": {"id": "278d5cd2-584d-4b63-824a-2ba458937249", "name": "app",
             "url": "https://dev.example.org/org/_apis/git/repositories/278d5cd2",
             "project": {"id": "6ce954b1-ce1f-45d1-b94d-e6bf2464ba2c", "name": "team"},
             "defaultBranch": "refs/heads/main", "remoteUrl": "https://dev.example.org/org/team/_git/app"},
           "pushedBy": {"displayName": "Ada L", "uniqueName": "ada@example.org"}, "pushId": 14,
           "date": "2026-11-25T08:00:00Z"}}
        """
    }

    static func azurePullRequest(event: String = "created", status: String = "active", fork: Bool = false) -> String {
        """
        {"id": "2ab4e3d3-b7a6-425e-92b1-5a9982c1269e", "eventType": "git.pullrequest.\(event)", "publisherId": "tfs",
         "resource": {"pullRequestId": 7, "status": "\(status)", "isDraft": false, "title": "Topic",
           "repository": {"name": "app", "project": {"name": "team"},
             "remoteUrl": "https://dev.example.org/org/team/_git/app"},
           "createdBy": {"displayName": "Ada L", "uniqueName": "ada@example.org"},
           "sourceRefName": "refs/heads/topic", "targetRefName": "refs/heads/main", "mergeStatus": "succeeded",
           "lastMergeSourceCommit": {"commitId": "\(new)"}, "lastMergeTargetCommit": {"commitId": "\(old)"}
           \(fork ? ", \"forkSource\": {\"repository\": {\"remoteUrl\": \"https://dev.example.org/org/grace/_git/app\"}}" : "")}}
        """
    }
}
