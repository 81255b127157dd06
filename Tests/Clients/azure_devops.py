"""Does with Microsoft's azure-devops package what a team's scripts do, and prints what it saw as JSON.

usage: azure_devops.py PIPELINE; the address is in ROOST_URL, the token in ROOST_TOKEN.
"""
import io
import json
import os
import sys
import time
import zipfile

from azure.devops.connection import Connection
from msrest.authentication import BasicAuthentication

connection = Connection(
    base_url=os.environ["ROOST_URL"], creds=BasicAuthentication("", os.environ["ROOST_TOKEN"])
)
agents = connection.clients.get_task_agent_client()
builds = connection.clients.get_build_client()
project = connection.clients.get_core_client().get_projects()[0].name

seen = {"project": project, "pools": {}}
for pool in agents.get_agent_pools():
    seen["pools"][pool.name] = {
        agent.name: {
            "status": agent.status,
            "enabled": agent.enabled,
            "version": agent.version,
            "capabilities": agent.system_capabilities,
        }
        for agent in agents.get_agents(pool.id, include_capabilities=True)
    }

definition = next(d for d in builds.get_definitions(project) if d.name == sys.argv[1])
build = builds.queue_build({"definition": {"id": definition.id}}, project)
deadline = time.monotonic() + 60
while build.status != "completed":
    if time.monotonic() > deadline:
        sys.exit(f"run {build.id} is still {build.status} after a minute")
    time.sleep(0.1)
    build = builds.get_build(project, build.id)
seen["run"] = {"id": build.id, "number": build.build_number, "status": build.status, "result": build.result}

timeline = builds.get_build_timeline(project, build.id)
seen["records"] = [
    {"type": r.type, "name": r.name, "state": r.state, "result": r.result, "log": r.log.id if r.log else None}
    for r in timeline.records
]
seen["logs"] = {
    log.id: {"lines": log.line_count, "text": builds.get_build_log_lines(project, build.id, log.id)}
    for log in builds.get_build_logs(project, build.id)
}
seen["changes"] = len(builds.get_build_changes(project, build.id))

artifacts = builds.get_artifacts(project, build.id)
seen["artifacts"] = [{"name": a.name, "type": a.resource.type, "size": a.resource.properties["artifactsize"]} for a in artifacts]
seen["artifact"] = builds.get_artifact(project, build.id, "drop").resource.download_url
content = b"".join(builds.get_artifact_content_zip(project, build.id, "drop"))
with zipfile.ZipFile(io.BytesIO(content)) as archive:
    seen["zip"] = {name: archive.read(name).decode() for name in archive.namelist() if not name.endswith("/")}

# Test results and coverage: those of the pipeline, and some of the client's own.
tests = connection.get_client("azure.devops.v7_1.test.test_client.TestClient")
seen["tests"] = [
    {
        "name": run.name,
        "total": run.total_tests,
        "passed": run.passed_tests,
        "build": run.build.id,
        "results": [
            [r.automated_test_name, r.outcome, r.error_message, r.duration_in_ms] for r in tests.get_test_results(project, run.id)
        ],
        "statistics": {s.outcome: s.count for s in tests.get_test_run_statistics(project, run.id).run_statistics},
        "files": {
            a.file_name: b"".join(tests.get_test_run_attachment_content(project, run.id, a.id)).decode()[:9]
            for a in tests.get_test_run_attachments(project, run.id)
        },
    }
    for run in tests.get_test_runs(project, build_uri=f"vstfs:///Build/Build/{build.id}")
]
own = tests.create_test_run({"name": "from-python", "automated": True, "build": {"id": str(build.id)}}, project)
added = tests.add_test_results_to_test_run(
    [{"automatedTestName": "py.one", "testCaseTitle": "one", "outcome": "Passed"}, {"testCaseTitle": "two", "outcome": "Failed", "stackTrace": "at two"}],
    project,
    own.id,
)
tests.update_test_results([{"id": added[0].id, "outcome": "Failed", "comment": "after all"}], project, own.id)
tests.create_test_result_attachment({"stream": "aGk=", "fileName": "hi.txt"}, project, own.id, added[1].id)
own = tests.update_test_run({"state": "Completed"}, project, own.id)
seen["own"] = {
    "state": own.state,
    "total": own.total_tests,
    "passed": own.passed_tests,
    "failed": [r.test_case_title for r in tests.get_test_results(project, own.id, outcomes=["Failed"])],
    "page": [r.id for r in tests.get_test_results(project, own.id, skip=1, top=1)],
    "comment": tests.get_test_result_by_id(project, own.id, added[0].id).comment,
    "file": b"".join(tests.get_test_result_attachment_content(project, own.id, added[1].id, 1)).decode(),
    "history": [
        [g.group_by_value, len(g.results)]
        for g in tests.query_test_history({"automatedTestName": "py.one", "buildDefinitionId": definition.id}, project).results_for_group
    ],
}
tests.delete_test_run(project, own.id)
seen["own"]["left"] = len(tests.get_test_runs(project))
seen["coverage"] = [
    [c.modules[0].statistics.lines_covered, c.modules[0].statistics.lines_not_covered]
    for c in tests.get_build_code_coverage(project, build.id, 1)
]

# Environments, their checks, and variable groups, with the newest client.
newest = "azure.devops.v7_1."
deployments = connection.get_client(newest + "task_agent.task_agent_client.TaskAgentClient")
checks = connection.get_client(newest + "pipelines_checks.pipelines_checks_client.PipelinesChecksClient")
made = deployments.add_environment({"name": "from-python", "description": "made by a client"}, project)
check = checks.add_check_configuration(
    {"type": {"name": "ExclusiveLock"}, "resource": {"type": "environment", "id": str(made.id)}, "timeout": 60}, project
)
deployments.update_environment({"description": "changed"}, project, made.id)
group = deployments.add_variable_group(
    {
        "name": "from-python",
        "type": "Vsts",
        "variables": {"A": {"value": "1"}, "S": {"value": "hush", "isSecret": True}},
        "variableGroupProjectReferences": [{"name": "from-python", "projectReference": {"name": project}}],
    }
)
seen["environments"] = {
    e.name: {"description": e.description, "by": e.created_by.display_name}
    for e in deployments.get_environments(project)
}
seen["checks"] = [
    {"id": c.id, "type": c.type.name, "timeout": c.timeout}
    for c in checks.get_check_configurations_on_resource(project, "environment", str(made.id))
]
seen["deployments"] = len(deployments.get_environment_deployment_execution_records(project, made.id))
seen["groups"] = {
    g.name: {name: variable.get("value") if isinstance(variable, dict) else variable.value for name, variable in g.variables.items()}
    for g in deployments.get_variable_groups(project, "from*")
}
checks.delete_check_configuration(project, check.id)
deployments.delete_environment(project, made.id)
deployments.delete_variable_group(group.id, [group.variable_group_project_references[0].project_reference.id])
seen["left"] = len(deployments.get_environments(project)) + len(deployments.get_variable_groups(project))
json.dump(seen, sys.stdout)
