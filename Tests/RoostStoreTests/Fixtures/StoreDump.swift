/// What `sqlite3 roost.sqlite .dump` printed of stores of each schema version, when it was the newest.
///
/// Never changed: they are what people have on their disks. A new version of the schema adds one.
enum StoreDump {
    /// One of everything, as the samples had it, with ``ScramblingSealer``; pool 30 was deleted.
    static let version1 = ##"""
        PRAGMA foreign_keys=OFF;
        BEGIN TRANSACTION;
        CREATE TABLE roost_schema (version INTEGER PRIMARY KEY, applied_at DOUBLE PRECISION NOT NULL);
        INSERT INTO roost_schema VALUES(1,817183880.97432923316);
        CREATE TABLE projects (
            id TEXT PRIMARY KEY,
            name TEXT NOT NULL,
            body TEXT NOT NULL
        );
        INSERT INTO projects VALUES('01000000-0000-4000-8000-00000000abcd','Größe 中文','{"createdAt":812345678.1234567,"defaultPool":7,"description":"with \"quotes\"\nand lines"}');
        CREATE TABLE pools (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL,
            body TEXT NOT NULL
        );
        INSERT INTO pools VALUES(4,'Linux','{"authorizedPipelines":[1,3],"autoProvision":false,"autoUpdate":false,"concurrencyLimit":12,"createdAt":812345678.1234567,"createdBy":"user:admin","openToAll":false,"singleUse":true}');
        CREATE TABLE queues (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL,
            pool_id INTEGER NOT NULL,
            project_id TEXT NOT NULL
        );
        INSERT INTO queues VALUES(9,'Linux',4,'01000000-0000-4000-8000-00000000abcd');
        CREATE TABLE agents (
            id INTEGER PRIMARY KEY,
            pool_id INTEGER NOT NULL,
            name TEXT NOT NULL,
            enabled INTEGER NOT NULL,
            retired_at DOUBLE PRECISION,
            status_changed_at DOUBLE PRECISION,
            last_request_id INTEGER,
            body TEXT NOT NULL
        );
        INSERT INTO agents VALUES(11,4,'builder-11',0,812345680.12345671657,812345681.12345671656,77,'{"clientID":"03000000-0000-4000-8000-00000000ABCD","createdAt":812345678.1234567,"createdBy":"user:admin","keyExponent":"AQAC","keyModulus":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4vMDEyMzQ1Njc4OTo7PD0+P0BBQkNERUZHSElKS0xNTk9QUVJTVFVWV1hZWltcXV5fYGFiY2RlZmdoaWprbG1ub3BxcnN0dXZ3eHl6e3x9fn+AgYKDhIWGh4iJiouMjY6PkJGSk5SVlpeYmZqbnJ2en6ChoqOkpaanqKmqq6ytrq+wsbKztLW2t7i5uru8vb6/wMHCw8TFxsfIycrLzM3Oz9DR0tPU1dbX2Nna29zd3t/g4eLj5OXm5+jp6uvs7e7v8PHy8/T19vf4+fr7/P3+","osDescription":"Debian 12","singleUse":true,"systemCapabilities":{"Agent.OS":"Linux","java":"/usr/bin/java"},"userCapabilities":{"Team":"core"},"version":"4.255.0"}');
        CREATE TABLE pipelines (
            id INTEGER PRIMARY KEY,
            project_id TEXT NOT NULL,
            name TEXT NOT NULL,
            body TEXT NOT NULL
        );
        INSERT INTO pipelines VALUES(5,'01000000-0000-4000-8000-00000000abcd','App','{"concurrencyLimit":2,"createdAt":812345678.1234567,"createdBy":"user:admin","defaultPool":4,"enabled":false,"folder":"\\team","repository":{"defaultBranch":"refs/heads/trunk","name":"team/app","url":"file:///r"},"revision":3,"variables":{"plain":{"settable":true,"value":"1"},"token":{"sealed":"KjMqPzYzND8pdW91LDsoMzs4Nj8pdS41MT80UCozKj82MzQ/dyk/OSg/LncuPyIu"}},"yamlPath":"ci/azure-pipelines.yml"}');
        CREATE TABLE runs (
            id INTEGER PRIMARY KEY,
            project_id TEXT NOT NULL,
            pipeline_id INTEGER NOT NULL,
            plan_id TEXT NOT NULL,
            number TEXT NOT NULL,
            state TEXT NOT NULL,
            result TEXT,
            source_branch TEXT NOT NULL,
            requested_by TEXT NOT NULL,
            queued_at DOUBLE PRECISION NOT NULL,
            started_at DOUBLE PRECISION,
            finished_at DOUBLE PRECISION,
            body TEXT NOT NULL
        );
        INSERT INTO runs VALUES(17,'01000000-0000-4000-8000-00000000abcd',5,'05000000-0000-4000-8000-00000000abcd','20261124.1','canceling',NULL,'refs/heads/feature/ä','user:ada',812345678.12345671649,812345680.12345671657,812345681.12345671656,'{"canceledAt":812345682.1234567,"canceledBy":"user:eve","issues":[{"category":"Code","data":{"sourcepath":"a.c"},"kind":"warning","message":"mind\u0000the\u001b[31m gap"}],"parameters":{"size":"L"},"pipelineName":"App","poolOverride":4,"priority":"high","reason":"pullRequest","repository":{"defaultBranch":"refs/heads/trunk","name":"team/app","url":"file:///r"},"rerunOf":16,"sourceVersion":"0123456789abcdef0123456789abcdef01234567","sourceVersionAuthor":"Ada","sourceVersionMessage":"Fix \"it\"","tags":["nightly"],"timelineID":"06000000-0000-4000-8000-00000000ABCD","variables":{"plain":{"value":"1"},"token":{"sealed":"KC80KXVrbXUsOygzOzg2Pyl1LjUxPzRQKC80dyk/OSg/LncuPyIu","settable":true}}}');
        CREATE TABLE run_plans (
            run_id INTEGER PRIMARY KEY,
            body TEXT NOT NULL
        );
        INSERT INTO run_plans VALUES(17,'{"finalYAML":"steps: []\n","numberFormat":{"place":"a.yml:1:7","text":"$(Rev:.r)"},"repositories":[{"alias":"self","endpoint":"hub","name":"team/app","ref":"refs/tags/v1","type":"git"}],"stages":[{"condition":{"text":"always()"},"dependsOn":["Prepare"],"displayName":"Build it","jobs":[{"cancelTimeoutInMinutes":{"text":"1"},"condition":{"place":"a.yml:9:3","text":"succeeded()"},"continueOnError":{"text":"true"},"dependsOn":["Compile"],"displayName":"Test $(os)","name":"Test","pool":{"demands":[{"text":"java"}],"name":{"text":"Linux"},"vmImage":{"text":"ubuntu"}},"retryCountOnMachineFailure":2,"steps":[{"condition":{"text":"failed()"},"continueOnError":{"text":"false"},"displayName":"Say it","environment":{"A":"b"},"inputs":{"script":"echo $(x)"},"name":"CmdLine1","place":"a.yml:12:3","retryCountOnTaskFailure":1,"task":{"id":"d9bafed4-0b18-4f58-968d-86655b4d2ce9","name":"CmdLine","version":"2.250.0"},"timeoutInMinutes":{"text":"5"}}],"strategy":{"count":3,"maxParallel":2},"timeoutInMinutes":{"text":"30"},"variables":[{"name":"j","value":{"text":"3"}}],"workspaceCleaning":"all"}],"name":"Build","variables":[{"name":"s","value":{"text":"2"}}]}],"variables":[{"name":"v","readOnly":true,"value":{"place":"a.yml:2:1","text":"$[ 1 ]"}}]}');
        CREATE TABLE jobs (
            id TEXT PRIMARY KEY,
            run_id INTEGER NOT NULL,
            seq INTEGER NOT NULL,
            request_id INTEGER,
            pool_id INTEGER,
            agent_id INTEGER,
            agent_name TEXT,
            state TEXT NOT NULL,
            result TEXT,
            machine_failure INTEGER NOT NULL,
            queued_at DOUBLE PRECISION,
            started_at DOUBLE PRECISION,
            finished_at DOUBLE PRECISION,
            lease_agent_name TEXT,
            assigned_at DOUBLE PRECISION,
            locked_until DOUBLE PRECISION,
            message_id INTEGER,
            message_acknowledged INTEGER NOT NULL,
            cancel_deadline DOUBLE PRECISION,
            body TEXT NOT NULL
        );
        INSERT INTO jobs VALUES('07000000-0000-4000-8000-00000000abcd',17,1,40,4,11,'builder-11','canceling',NULL,1,812345679.12345671657,812345680.12345671657,812345681.12345671656,'builder-11',812345680.12345671657,812346278.12345671657,31,1,812345738.12345671657,'{"attempt":4,"cancelTimeoutInMinutes":1,"continueOnError":true,"copies":3,"demands":["os -equals linux","java"],"displayName":"Test linux","leg":"linux","name":"Test","outputs":{"step.out":{"sealed":"MDU4KXVqbWpqampqandqampqd25qamp3Ympqandqampqampqajs4OT51NS8uKi8uKXUpLj8qdDUvLlA1Ly4qLy53KT85KD8udy4/Ii4="}},"pipeline":5,"position":2,"priority":"aboveNormal","project":"01000000-0000-4000-8000-00000000ABCD","stage":"Build","timeoutInMinutes":0,"variables":{"key":{"sealed":"MDU4KXVqbWpqampqandqampqd25qamp3Ympqandqampqampqajs4OT51LDsoMzs4Nj8pdTE/I1AwNTh3KT85KD8udy4/Ii4="},"plain":{"value":"1"}}}');
        CREATE TABLE timeline_records (
            run_id INTEGER NOT NULL,
            id TEXT NOT NULL,
            seq INTEGER NOT NULL,
            body TEXT NOT NULL,
            PRIMARY KEY (run_id, id)
        );
        INSERT INTO timeline_records VALUES(17,'08000000-0000-4000-8000-00000000abcd',1,'{"attempt":3,"changeID":8,"currentOperation":"linking","errorCount":1,"finishedAt":812345680.1234567,"identifier":"Build.Test.linux","issues":[{"category":"Code","data":{"sourcepath":"a.c"},"kind":"warning","message":"mind\u0000the\u001b[31m gap"}],"kind":"Job","lastModified":812345681.1234567,"log":3,"name":"Test","order":2,"parent":"09000000-0000-4000-8000-00000000ABCD","percentComplete":50,"refName":"CmdLine1","result":"abandoned","resultCode":"137","startedAt":812345679.1234567,"state":"completed","task":{"id":"6c731c3c-3c68-459a-a5c9-bde6e6595b5b","name":"Bash","version":"3.250.0"},"variables":{"o":{"sealed":"KC80KXVrbXUoPzk1KD4pdWpiampqampqd2pqamp3bmpqandiampqd2pqampqampqOzg5PnU1UCg/OTUoPncpPzkoPy53Lj8iLg=="}},"warningCount":2,"workerName":"builder-11"}');
        CREATE TABLE run_logs (
            run_id INTEGER NOT NULL,
            id INTEGER NOT NULL,
            path TEXT NOT NULL,
            created_at DOUBLE PRECISION NOT NULL,
            line_count INTEGER NOT NULL,
            byte_count INTEGER NOT NULL,
            finished INTEGER NOT NULL,
            PRIMARY KEY (run_id, id)
        );
        INSERT INTO run_logs VALUES(17,3,'logs\x',812345678.12345671649,10,999,1);
        CREATE TABLE access_tokens (
            id TEXT PRIMARY KEY,
            owner TEXT NOT NULL,
            body TEXT NOT NULL
        );
        INSERT INTO access_tokens VALUES('04000000-0000-4000-8000-00000000abcd','admin','{"createdAt":812345678.1234567,"expiresAt":812346678.1234567,"hash":"abababababababababababababababababababababababababababababababab","lastUsedAt":812345682.1234567,"name":"laptop","revokedAt":812345683.1234567,"scopes":["vso.agentpools","vso.build_execute"]}');
        CREATE TABLE settings (
            name TEXT PRIMARY KEY,
            content TEXT NOT NULL
        );
        INSERT INTO settings VALUES('a','AQI=');
        CREATE TABLE audit_events (
            seq INTEGER PRIMARY KEY,
            happened_at DOUBLE PRECISION NOT NULL,
            body TEXT NOT NULL
        );
        INSERT INTO audit_events VALUES(1,812345687.12345671653,'{"action":"run.cancel","actor":"user:admin","detail":"because","requestID":"r-1","subject":"run:17"}');
        CREATE TABLE counters (
            name TEXT PRIMARY KEY,
            highest INTEGER NOT NULL
        );
        INSERT INTO counters VALUES('pool',30);
        CREATE UNIQUE INDEX runs_by_plan ON runs (plan_id);
        CREATE INDEX runs_by_project ON runs (project_id, id);
        CREATE INDEX runs_by_pipeline ON runs (pipeline_id, id);
        CREATE INDEX runs_active ON runs (id) WHERE result IS NULL;
        CREATE INDEX jobs_by_run ON jobs (run_id, seq);
        CREATE UNIQUE INDEX jobs_by_request ON jobs (request_id);
        CREATE INDEX jobs_finished_by_pool ON jobs (pool_id, finished_at) WHERE result IS NOT NULL;
        CREATE INDEX jobs_finished_by_agent ON jobs (agent_id, finished_at) WHERE result IS NOT NULL;
        CREATE INDEX timeline_records_in_order ON timeline_records (run_id, seq);
        CREATE INDEX audit_events_by_time ON audit_events (happened_at, seq);
        COMMIT;
        """##
}
