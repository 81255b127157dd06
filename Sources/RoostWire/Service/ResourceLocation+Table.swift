extension ResourceLocation {
    /// Every address that the clients of the service know; a client that asks for another id gives up.
    public static let all: [ResourceLocation] = table.map {
        ResourceLocation($0.0, $0.1, $0.2, $0.3, $0.4, $0.5, $0.6, $0.7)
    }

    private static let table: [(String, String, String, String, Int, String, String, String)] = [
        (
            "37794717-f36f-4d78-b2bf-4dc30d0cfbcd", "approval", "approvals",
            "{project}/_apis/pipelines/{resource}/{approvalId}", 2, "5.1", "7.2", "7.1"
        ),
        (
            "1db06c96-014e-44e1-ac91-90b2d4b3e984", "build", "artifacts",
            "{project}/_apis/{area}/builds/{buildId}/{resource}/{artifactName}", 5, "2.0", "7.2", "7.1"
        ),
        (
            "f2192269-89fa-4f94-baf6-8fb128c55159", "build", "attachments",
            "{project}/_apis/{area}/builds/{buildId}/{resource}/{type}", 2, "4.1", "7.2", "7.1"
        ),
        (
            "af5122d3-3438-485e-a25a-2dbbfde84ee6", "build", "attachments",
            "{project}/_apis/{area}/builds/{buildId}/{timelineId}/{recordId}/{resource}/{type}/{name}", 2, "4.1", "7.2",
            "7.1"
        ),
        (
            "398c85bc-81aa-4822-947c-a194a05f0fef", "build", "authorizedresources",
            "{project}/_apis/{area}/{resource}", 1, "5.0", "7.2", "0.0"
        ),
        (
            "0524c91b-a145-413c-89eb-b3342b6826a4", "Build", "AzureSubscriptions",
            "{project}/_apis/{area}/{resource}", 1, "1.0", "7.2", "7.1"
        ),
        (
            "de6a4df8-22cd-44ee-af2d-39f6aa7a4261", "build", "badge",
            "_apis/public/{area}/definitions/{project}/{definitionId}/{resource}", 2, "2.0", "7.2", "7.1"
        ),
        (
            "e05d4403-9b81-4244-8763-20fde28d1976", "build", "branches",
            "{project}/_apis/sourceProviders/{providerName}/{resource}", 1, "4.1", "7.2", "7.1"
        ),
        (
            "21b3b9ce-fad5-4567-9ad0-80679794e003", "build", "buildbadge",
            "{project}/_apis/{area}/repos/{repoType}/badge", 2, "2.0", "7.2", "0.0"
        ),
        (
            "3da19a6a-f088-45c4-83ce-2ad3a87be6c4", "build", "buildleases",
            "{project}/_apis/{area}/builds/{buildId}/leases", 1, "6.1", "7.2", "7.1"
        ),
        (
            "0cd358e1-9217-4d94-8269-1c1ee6f93dcf", "Build", "Builds",
            "{project}/_apis/build/{resource}/{buildId}", 7, "1.0", "7.2", "7.1"
        ),
        (
            "54572c7b-bbd3-45d4-80dc-28be08941620", "build", "changes",
            "{project}/_apis/{area}/builds/{buildId}/{resource}", 2, "2.0", "7.2", "7.1"
        ),
        (
            "f10f0ea5-18a1-43ec-a8fb-2042c7be9b43", "build", "changes",
            "{project}/_apis/{area}/{resource}", 3, "2.1", "7.2", "7.1"
        ),
        (
            "fcac1932-2ee1-437f-9b6f-7f696be858f6", "build", "Controllers",
            "_apis/build/{resource}/{controllerId}", 2, "2.0", "7.2", "7.1"
        ),
        (
            "dbeaf647-6167-421a-bda9-c9327b25e2e6", "Build", "Definitions",
            "{project}/_apis/build/{resource}/{definitionId}", 7, "1.0", "7.2", "7.1"
        ),
        (
            "2f00bd4f-422d-417c-b429-f588ded6486f", "Build", "DeploymentDefinitions",
            "_apis/build/azure/{resource}", 1, "1.0", "7.2", "0.0"
        ),
        (
            "32696366-f57b-4529-aec4-61673d4c23c6", "Build", "DeploymentEnvironments",
            "{project}/_apis/{area}/{resource}/{serviceName}", 1, "1.0", "7.2", "7.1"
        ),
        (
            "7985e151-1f22-4344-9173-1a663ee1eb4d", "Build", "Deployments",
            "_apis/build/azure/{resource}", 1, "1.0", "7.2", "0.0"
        ),
        (
            "9f094d42-b41c-4920-95aa-597581a79821", "Build", "Details",
            "{project}/_apis/build/Builds/{buildId}/{resource}", 1, "1.0", "7.2", "7.1"
        ),
        (
            "29d12225-b1d9-425f-b668-6c594a981313", "build", "fileContents",
            "{project}/_apis/sourceProviders/{providerName}/{resource}", 1, "4.1", "7.2", "7.1"
        ),
        (
            "a906531b-d2da-4f55-bda7-f3e676cc50d9", "build", "folders",
            "{project}/_apis/{area}/{resource}/{*path}", 2, "3.0", "7.2", "0.0"
        ),
        (
            "c4aefd19-30ff-405b-80ad-aca021e7242a", "build", "generalSettings",
            "{project}/_apis/{area}/{resource}", 1, "6.0", "7.2", "7.1"
        ),
        (
            "1a9c48be-0ef5-4ec2-b94f-f053bdd2d3bf", "build", "history",
            "_apis/{area}/retention/{resource}", 1, "6.1", "7.2", "7.1"
        ),
        (
            "2182a7f0-b363-4b2d-b89e-ed0a0b721e95", "build", "InputValuesQuery",
            "{project}/_apis/{area}/{resource}", 2, "2.0", "7.2", "7.1"
        ),
        (
            "54481611-01f4-47f3-998f-160da0f0c229", "build", "latest",
            "{project}/_apis/{area}/{resource}/{*definition}", 1, "5.0", "7.2", "0.0"
        ),
        (
            "272051e4-9af1-45b5-ae22-8d960a5539d4", "build", "leases",
            "{project}/_apis/{area}/retention/{resource}/{*leaseId}", 2, "6.0", "7.2", "7.1"
        ),
        (
            "35a80daf-7f30-45fc-86e8-6b813d9c90df", "build", "logs",
            "{project}/_apis/{area}/builds/{buildId}/{resource}/{logId}", 2, "2.0", "7.2", "7.1"
        ),
        (
            "d973b939-0ce0-4fec-91d8-da3940fa1827", "build", "Metrics",
            "{project}/_apis/{area}/definitions/{definitionId}/{resource}", 1, "3.0", "7.2", "0.0"
        ),
        (
            "7433fae7-a6bc-41dc-a6e2-eef9005ce41a", "build", "Metrics",
            "{project}/_apis/{area}/{resource}/{metricAggregationType}", 1, "3.1", "7.2", "0.0"
        ),
        (
            "591cb5a4-2d46-4f3a-a697-5cd42b6bd332", "build", "options",
            "{project}/_apis/{area}/{resource}", 2, "2.0", "7.2", "7.1"
        ),
        (
            "7944d6fb-df01-4709-920a-7a189aa34037", "build", "pathContents",
            "{project}/_apis/sourceProviders/{providerName}/{resource}", 1, "4.1", "7.2", "7.1"
        ),
        (
            "0a6312e9-0627-49b7-8083-7d74a64849c9", "build", "properties",
            "{project}/_apis/{area}/builds/{buildId}/{resource}", 1, "3.2", "7.2", "7.1"
        ),
        (
            "d9826ad7-2a68-46a9-a6e9-677698777895", "build", "properties",
            "{project}/_apis/{area}/definitions/{definitionId}/{resource}", 1, "3.2", "7.2", "7.1"
        ),
        (
            "d8763ec7-9ff0-4fb4-b2b2-9d757906ff14", "build", "pullRequests",
            "{project}/_apis/sourceProviders/{providerName}/{resource}/{pullRequestId}", 1, "5.0", "7.2", "7.1"
        ),
        (
            "82fba9f8-4198-4ab6-b719-6a363880c19e", "Build", "Qualities",
            "{project}/_apis/{area}/{resource}/{quality}", 1, "1.0", "7.2", "7.1"
        ),
        (
            "45bcaa88-67e1-4042-a035-56d3b4a7d44c", "build", "report",
            "{project}/_apis/{area}/builds/{buildId}/{resource}", 2, "2.2", "7.2", "7.1"
        ),
        (
            "d44d1680-f978-4834-9b93-8c6e132329c9", "build", "repositories",
            "{project}/_apis/sourceProviders/{providerName}/{resource}", 1, "4.1", "7.2", "7.1"
        ),
        (
            "de3e9770-c7ef-4697-983e-f4b5bab3c016", "Build", "Requests",
            "{project}/_apis/build/{resource}/{requestId}", 1, "1.0", "7.2", "7.1"
        ),
        (
            "ea623316-1967-45eb-89ab-e9e6110cf2d6", "build", "resources",
            "{project}/_apis/{area}/definitions/{definitionId}/{resource}", 1, "5.0", "7.2", "0.0"
        ),
        (
            "3813d06c-9e36-4ea1-aac3-61a485d60e3d", "build", "ResourceUsage",
            "_apis/build/{resource}", 2, "2.0", "7.2", "0.0"
        ),
        (
            "dadb46e7-5851-4c72-820e-ae8abb82f59f", "build", "retention",
            "{project}/_apis/{area}/{resource}", 1, "5.2", "7.2", "7.1"
        ),
        (
            "7c116775-52e5-453e-8c5d-914d9762d8c4", "build", "revisions",
            "{project}/_apis/{area}/definitions/{definitionId}/{resource}", 3, "2.0", "7.2", "7.1"
        ),
        (
            "aa8c1c9c-ef8b-474a-b8c4-785c7b191d0d", "build", "settings",
            "{project}/_apis/{area}/{resource}", 1, "2.0", "7.2", "7.1"
        ),
        (
            "3ce81729-954f-423d-a581-9fea01d25186", "build", "sourceProviders",
            "{project}/_apis/{resource}", 1, "4.1", "7.2", "7.1"
        ),
        (
            "56efdcdc-cf90-4028-9d2f-d41000682202", "build", "sources",
            "{project}/_apis/{area}/builds/{buildId}/{resource}/{sourceVersion}", 2, "3.1", "7.2", "7.1"
        ),
        (
            "b8aac6c9-744b-46e1-88fc-3550969f9313", "build", "stages",
            "{project}/_apis/{area}/builds/{buildId}/{resource}/{stageRefName}", 5, "5.2", "7.2", "7.1"
        ),
        (
            "07acfdce-4757-4439-b422-ddd13a2fcc10", "build", "status",
            "{project}/_apis/{area}/{resource}/{*definition}", 1, "5.0", "7.2", "0.0"
        ),
        (
            "6e6114b2-8161-44c8-8f6c-c5505782427f", "build", "tags",
            "{project}/_apis/{area}/builds/{buildId}/{resource}/{*tag}", 3, "2.0", "7.2", "7.1"
        ),
        (
            "cb894432-134a-4d31-a839-83beceaace4b", "build", "tags",
            "{project}/_apis/{area}/definitions/{DefinitionId}/{resource}/{*tag}", 3, "3.1", "7.2", "7.1"
        ),
        (
            "d84ac5c6-edc7-43d5-adc9-1b34be5dea09", "build", "tags",
            "{project}/_apis/{area}/{resource}/{*tag}", 3, "2.0", "7.2", "7.1"
        ),
        (
            "e884571e-7f92-4d6a-9274-3f5649900835", "build", "templates",
            "{project}/_apis/{area}/definitions/{resource}/{templateId}", 3, "2.0", "7.2", "7.1"
        ),
        (
            "8baac422-4c6e-4de5-8532-db96d92acffa", "build", "Timeline",
            "{project}/_apis/{area}/builds/{buildId}/{resource}/{timelineId}", 3, "2.0", "7.2", "7.1"
        ),
        (
            "8f20ff82-9498-4812-9f6e-9c01bdc50e99", "build", "webhooks",
            "{project}/_apis/sourceProviders/{providerName}/{resource}", 1, "4.1", "7.2", "7.1"
        ),
        (
            "793bceb8-9736-4030-bd2f-fb3ce6d6b478", "build", "webhooks",
            "{project}/_apis/sourceProviders/{providerName}/{resource}", 1, "4.1", "7.2", "7.1"
        ),
        (
            "5a21f5d2-5642-47e4-a0bd-1356e6731bee", "build", "workitems",
            "{project}/_apis/{area}/builds/{buildId}/{resource}", 2, "2.0", "7.2", "7.1"
        ),
        (
            "52ba8915-5518-42e3-a4bb-b0182d159e2d", "build", "workitems",
            "{project}/_apis/{area}/{resource}", 2, "2.1", "7.2", "7.1"
        ),
        (
            "7c3df3a1-7e51-4150-8cf7-540347f8697f", "build", "yaml",
            "{project}/_apis/{area}/definitions/{definitionId}/{resource}", 1, "6.0", "7.2", "7.1"
        ),
        (
            "187ec90d-dd1e-4ec6-8c57-937d979261e5", "clienttools", "release",
            "_apis/{area}/{toolName}/{resource}", 1, "4.1", "7.2", "0.0"
        ),
        (
            "e4f5c81e-e250-447b-9fef-bd48471bea5e", "Container", "Containers",
            "_apis/resources/{resource}/{containerId}/{*itemPath}", 4, "1.0", "7.2", "0.0"
        ),
        (
            "e71a64ac-b2b5-4230-a4c0-dad657cf97e2", "Container", "Containers",
            "_apis/{resource}/{container}/{*itemPath}", 3, "2.1", "7.2", "0.0"
        ),
        (
            "54b2a2a0-859b-4d05-827c-ec4c862f641a", "core", "avatar",
            "_apis/projects/{projectId}/{resource}", 1, "5.1", "7.2", "0.0"
        ),
        (
            "6f9619ff-8b86-d011-b42d-00c04fc964ff", "core", "categorizedTeams",
            "_apis/projects/{projectId}/{resource}/", 1, "7.1", "7.2", "0.0"
        ),
        (
            "b4f70219-e18b-42c5-abe3-98b07d35525e", "core", "connectedServices",
            "_apis/projects/{projectId}/{resource}/{name}", 1, "1.0", "7.2", "0.0"
        ),
        (
            "5ead0b70-2572-4697-97e9-f341069a783a", "core", "identityMru",
            "_apis/{area}/{resource}/{mruName}", 1, "1.0", "7.2", "0.0"
        ),
        (
            "294c494c-2600-4d7e-b76c-3dd50c3c95be", "core", "members",
            "_apis/projects/{projectId}/teams/{teamId}/{resource}", 2, "1.0", "7.2", "7.1"
        ),
        (
            "93878975-88c5-4e6a-8abb-7ddd77a8a7d8", "core", "processes",
            "_apis/process/{resource}/{*processId}", 1, "1.0", "7.2", "7.1"
        ),
        (
            "8031090f-ef1d-4af6-85fc-698cd75d42bf", "core", "projectCollections",
            "_apis/{resource}/{collectionId}", 2, "1.0", "7.2", "7.1"
        ),
        (
            "6488a877-4749-4954-82ea-7340d36be9f2", "core", "projectHistory",
            "_apis/{resource}", 2, "1.0", "7.2", "0.0"
        ),
        (
            "603fe2ac-9723-48b9-88ad-09305aa6c6e1", "core", "projects",
            "_apis/{resource}/{*projectId}", 4, "1.0", "7.2", "7.1"
        ),
        (
            "0a3ffdfc-fe94-47a6-bb27-79bf3f762eac", "core", "projectsproperties",
            "_apis/{resource}", 1, "5.1", "7.2", "0.0"
        ),
        (
            "4976a71a-4487-49aa-8aab-a1eda469037a", "core", "properties",
            "_apis/projects/{projectId}/{resource}", 1, "3.2", "7.2", "0.0"
        ),
        (
            "ec1f4311-f2b4-4c15-b2b8-8990b80d2908", "core", "proxies",
            "_apis/{resource}", 2, "1.0", "7.2", "0.0"
        ),
        (
            "d30a3dd1-f8ba-442a-b86a-bd0c0c383e59", "core", "teams",
            "_apis/projects/{projectId}/{resource}/{*teamId}", 3, "1.0", "7.2", "7.1"
        ),
        (
            "7a4d9ee9-3433-4347-b47a-7a80f1cf307e", "core", "teams",
            "_apis/{resource}", 3, "4.1", "7.2", "0.0"
        ),
        (
            "662c9827-feed-40f0-ae63-b0b8e88a58b8", "distributedtask", "agentCloudRequestJob",
            "_apis/{area}/agentclouds/{agentCloudId}/requests/{agentCloudRequestId}/job", 1, "5.0", "7.2", "0.0"
        ),
        (
            "bd247656-4d13-49af-80c1-1891bb057a93", "distributedtask", "agentCloudRequestMessages",
            "_apis/{area}/agentclouds/{agentCloudId}/requests/{agentCloudRequestId}/messages", 1, "5.0", "7.2", "0.0"
        ),
        (
            "bfa72b3d-0fc6-43fb-932b-a7f6559f93b9", "distributedtask", "agentclouds",
            "_apis/{area}/{resource}/{agentCloudId}", 1, "5.0", "7.2", "7.1"
        ),
        (
            "5932e193-f376-469d-9c3e-e5588ce12cb5", "distributedtask", "agentcloudtypes",
            "_apis/{area}/{resource}", 1, "1.0", "7.2", "0.0"
        ),
        (
            "f5f81ffb-f396-498d-85b1-5ada145e648a", "distributedtask", "agentrequests",
            "{project}/_apis/{area}/queues/{queueId}/{resource}/{requestId}", 1, "4.1", "7.2", "0.0"
        ),
        (
            "e298ef32-5878-4cab-993c-043836571f42", "distributedtask", "agents",
            "_apis/{area}/pools/{poolId}/{resource}/{agentId}", 1, "1.0", "7.2", "7.1"
        ),
        (
            "7898f959-9cdf-4096-b29e-7f293031629e", "distributedtask", "attachments",
            "{scopeIdentifier}/_apis/{area}/hubs/{hubName}/plans/{planId}/timelines/{timelineId}/records/{recordId}/{resource}/{type}/{name}",
            1, "2.1", "7.2", "7.1"
        ),
        (
            "eb55e5d6-2f30-4295-b5ed-38da50b1fc52", "distributedtask", "attachments",
            "{scopeIdentifier}/_apis/{area}/hubs/{hubName}/plans/{planId}/{resource}/{type}", 1, "2.1", "7.2", "7.1"
        ),
        (
            "39fe3bf2-7ee0-4198-a469-4a29929afa9c", "distributedtask", "azurermmanagementgroups",
            "_apis/{area}/serviceendpointproxy/{resource}", 1, "1.0", "7.2", "0.0"
        ),
        (
            "bcd6189c-0303-471f-a8e1-acb22b74d700", "distributedtask", "azurermsubscriptions",
            "_apis/{area}/serviceendpointproxy/{resource}", 1, "1.0", "7.2", "0.0"
        ),
        (
            "3d197ba2-c3e9-4253-882f-0ee2440f8174", "distributedtask", "deploymentgroupaccesstoken",
            "{project}/_apis/{area}/{resource}/{deploymentGroupId}", 1, "3.2", "7.2", "0.0"
        ),
        (
            "083c4d89-ab35-45af-aa11-7cf66895c53e", "distributedtask", "deploymentgroups",
            "{project}/_apis/{area}/{resource}/{deploymentGroupId}", 1, "3.2", "7.2", "7.1"
        ),
        (
            "281c6308-427a-49e1-b83a-dac0f4862189", "distributedtask", "deploymentgroupsmetrics",
            "{project}/_apis/{area}/deploymentgroups/{resource}", 1, "4.0", "7.2", "7.1"
        ),
        (
            "a3540e5b-f0dc-4668-963b-b752459be545", "distributedtask", "deploymentmachinejobrequests",
            "{project}/_apis/{area}/deploymentgroups/{deploymentGroupId}/{resource}/{requestId}", 1, "3.2", "7.2", "0.0"
        ),
        (
            "91006ac4-0f68-4d82-a2bc-540676bd73ce", "distributedtask", "deploymentmachinemessages",
            "{project}/_apis/{area}/deploymentgroups/{deploymentGroupId}/{resource}", 1, "3.2", "7.2", "0.0"
        ),
        (
            "e077ee4a-399b-420b-841f-c43fbc058e0b", "distributedtask", "deploymentpoolaccesstoken",
            "_apis/{area}/{resource}/{poolId}", 1, "4.1", "7.2", "0.0"
        ),
        (
            "6525d6c6-258f-40e0-a1a9-8a24a3957625", "distributedtask", "deploymentPoolsSummary",
            "_apis/{area}/deploymentPools/{resource}", 1, "4.1", "7.2", "0.0"
        ),
        (
            "2fac0be3-8c8f-4473-ab93-c1389b08a2c9", "distributedtask", "deploymentTargetJobRequests",
            "{project}/_apis/{area}/deploymentgroups/{deploymentGroupId}/{resource}", 1, "4.1", "7.2", "0.0"
        ),
        (
            "1c1a817f-f23d-41c6-bf8d-14b638f64152", "distributedtask", "deploymentTargetMessages",
            "{project}/_apis/{area}/deploymentgroups/{deploymentGroupId}/{resource}", 1, "4.1", "7.2", "0.0"
        ),
        (
            "3fb590e3-9001-4024-bafe-4a9eabb7fbe9", "distributedtask", "dynamicpipelines",
            "{scopeIdentifier}/_apis/{area}/{resource}", 1, "7.2", "7.2", "0.0"
        ),
        (
            "b5d2dd96-4c25-439b-a979-ecff67875f51", "distributedtask", "dynamicpipelineslog",
            "{scopeIdentifier}/_apis/{area}/dynamicpipelines/{planId}/logs", 1, "7.2", "7.2", "0.0"
        ),
        (
            "595b1769-61d5-4076-a72a-98a02105ca9a", "distributedtask", "elasticpoollogs",
            "_apis/{area}/elasticpools/{poolId}/logs", 1, "6.1", "7.2", "7.1"
        ),
        (
            "dd3c938f-835b-4971-b99a-db75a47aad43", "distributedtask", "elasticpools",
            "_apis/{area}/{resource}/{poolId}", 1, "6.1", "7.2", "7.1"
        ),
        (
            "f223b809-8c33-4b7d-b53f-07232569b5d6", "distributedtask", "endpoint",
            "_apis/{area}/{resource}", 1, "1.0", "7.2", "7.1"
        ),
        (
            "51bb5d21-4305-4ea6-9dbb-b7488af73334", "distributedtask", "environmentdeploymentRecords",
            "{project}/_apis/{area}/environments/{environmentId}/{resource}", 1, "5.0", "7.2", "7.1"
        ),
        (
            "8572b1fc-2482-47fa-8f74-7e3ed53ee54b", "distributedtask", "environments",
            "{project}/_apis/{area}/{resource}/{environmentId}", 1, "5.0", "7.2", "7.1"
        ),
        (
            "557624af-b29e-4c20-8ab0-0399d2204f3f", "distributedtask", "events",
            "{scopeIdentifier}/_apis/{area}/hubs/{hubName}/plans/{planId}/{resource}", 1, "2.0", "7.2", "7.1"
        ),
        (
            "858983e4-19bd-4c5e-864c-507b59b58b12", "distributedtask", "feed",
            "{scopeIdentifier}/_apis/{area}/hubs/{hubName}/plans/{planId}/timelines/{timelineId}/records/{recordId}/{resource}",
            1, "2.0", "7.2", "7.1"
        ),
        (
            "f9f0f436-b8a1-4475-9041-1ccdbf8f0128", "distributedtask", "hublicense",
            "_apis/{area}/{resource}/{hubName}", 3, "3.0", "7.2", "7.1"
        ),
        (
            "63463108-174d-49d4-b8cb-235eea42a5e1", "distributedtask", "icon",
            "_apis/{area}/tasks/{taskId}/{versionString}/{resource}", 1, "1.0", "7.2", "7.1"
        ),
        (
            "58475b1e-adaf-4155-9bc1-e04bf1fff4c2", "distributedtask", "inputvalidation",
            "_apis/{area}/{resource}", 1, "3.2", "7.2", "0.0"
        ),
        (
            "0a1efd25-abda-43bd-9629-6c7bdd2e0d60", "distributedtask", "jobinstances",
            "{scopeIdentifier}/_apis/{area}/hubs/{hubName}/{resource}/{orchestrationId}", 1, "5.0", "7.2", "0.0"
        ),
        (
            "fc825784-c92a-4299-9221-998a02d1b54f", "distributedtask", "jobrequests",
            "_apis/{area}/pools/{poolId}/{resource}/{requestId}", 1, "1.0", "7.2", "7.1"
        ),
        (
            "73fba52f-15ab-42b3-a538-ce67a9223a04", "distributedtask", "kubernetes",
            "{project}/_apis/{area}/environments/{environmentId}/providers/{resource}/{resourceId}", 1, "5.0", "7.2",
            "7.1"
        ),
        (
            "46f5667d-263a-4684-91b1-dff7fdcf64e2", "distributedtask", "logs",
            "{scopeIdentifier}/_apis/{area}/hubs/{hubName}/plans/{planId}/{resource}/{logId}", 1, "2.0", "7.2", "7.1"
        ),
        (
            "f8c7c0de-ac0d-469b-9cb1-c21f72d67693", "distributedtask", "machinegroupaccesstoken",
            "{project}/_apis/{area}/{resource}/{machineGroupId}", 1, "3.1", "7.2", "0.0"
        ),
        (
            "d4adf50f-80c6-4ac8-9ca1-6e4e544286e9", "distributedtask", "machinegroups",
            "{project}/_apis/{area}/{resource}/{machineGroupId}", 1, "3.1", "7.2", "0.0"
        ),
        (
            "6f6d406f-cfe6-409c-9327-7009928077e7", "distributedtask", "machines",
            "{project}/_apis/{area}/deploymentgroups/{deploymentGroupId}/{resource}/{machineId}", 1, "3.2", "7.2", "7.1"
        ),
        (
            "966c3874-c347-4b18-a90c-d509116717fd", "distributedtask", "machines",
            "{project}/_apis/{area}/machinegroups/{machineGroupId}/{resource}", 1, "3.1", "7.2", "0.0"
        ),
        (
            "80572e16-58f0-4419-ac07-d19fde32195c", "distributedtask", "maintenancedefinitions",
            "_apis/{area}/pools/{poolId}/{resource}/{definitionId}", 1, "3.2", "7.2", "0.0"
        ),
        (
            "15e7ab6e-abce-4601-a6d8-e111fe148f46", "distributedtask", "maintenancejobs",
            "_apis/{area}/pools/{poolId}/{resource}/{jobId}", 1, "3.2", "7.2", "0.0"
        ),
        (
            "c3a054f6-7a8a-49c0-944e-3a8e5d7adfd7", "distributedtask", "messages",
            "_apis/{area}/pools/{poolId}/{resource}/{messageId}", 1, "1.0", "7.2", "7.1"
        ),
        (
            "038fd4d5-cda7-44ca-92c0-935843fee1a7", "distributedtask", "metrics",
            "_apis/{area}/hubs/{hubName}/plangroupsqueue/{resource}", 1, "3.2", "7.2", "0.0"
        ),
        (
            "1b232402-5ff0-42ad-9703-d76497835eb6", "distributedtask", "nodes",
            "_apis/{area}/elasticpools/{poolId}/{resource}/{elasticNodeId}", 1, "6.1", "7.2", "7.1"
        ),
        (
            "69a319f4-28c1-4bfd-93e6-ea0ff5c6f1a2", "distributedtask", "oidctoken",
            "{scopeIdentifier}/_apis/{area}/hubs/{hubName}/plans/{planId}/jobs/{jobId}/{resource}", 1, "7.1", "7.2",
            "7.1"
        ),
        (
            "8ffcd551-079c-493a-9c02-54346299d144", "distributedtask", "packages",
            "_apis/{area}/{resource}/{packageType}/{platform}/{version}", 2, "1.0", "7.2", "7.1"
        ),
        (
            "0dd73091-3e36-4f43-b443-1b76dd426d84", "distributedtask", "plangroupsqueue",
            "_apis/{area}/hubs/{hubName}/{resource}", 1, "3.1", "7.2", "0.0"
        ),
        (
            "65fd0708-bc1e-447b-a731-0587c5464e5b", "distributedtask", "plangroupsqueue",
            "{scopeIdentifier}/_apis/{area}/hubs/{hubName}/{resource}/{planGroup}", 1, "3.2", "7.2", "0.0"
        ),
        (
            "5cecd946-d704-471e-a45f-3b4064fcfaba", "distributedtask", "plans",
            "{scopeIdentifier}/_apis/{area}/hubs/{hubName}/{resource}/{planId}", 2, "2.0", "7.2", "7.1"
        ),
        (
            "0d62f887-9f53-48b9-9161-4c35d5735b0f", "distributedtask", "poolmetadata",
            "_apis/{area}/pools/{poolId}/{resource}", 1, "4.1", "7.2", "0.0"
        ),
        (
            "162778f3-4b48-48f3-9d58-436fb9c407bc", "distributedtask", "poolpermissions",
            "_apis/{area}/pools/{poolId}/permissions/{permissions}", 1, "1.0", "7.2", "7.1"
        ),
        (
            "a8c47e17-4d56-4a56-92bb-de7ea7dc65be", "distributedtask", "pools",
            "_apis/{area}/{resource}/{poolId}", 1, "1.0", "7.2", "7.1"
        ),
        (
            "96c86d26-36fb-4649-9215-36e03a8bbc7d", "distributedtask", "preinstall",
            "_apis/{area}/extensionevents/{resource}", 1, "3.0", "7.2", "0.0"
        ),
        (
            "900fa995-c559-4923-aae7-f8424fe4fbea", "distributedtask", "queues",
            "{project}/_apis/{area}/{resource}/{queueId}", 1, "2.0", "7.2", "7.1"
        ),
        (
            "8893bc5b-35b2-4be7-83cb-99e683551db4", "distributedtask", "records",
            "{scopeIdentifier}/_apis/{area}/hubs/{hubName}/plans/{planId}/timelines/{timelineId}/{resource}/{recordId}",
            2, "2.0", "7.2", "7.1"
        ),
        (
            "57835cc4-6ff0-4d62-8c27-4541ba97a094", "distributedtask", "references",
            "_apis/{area}/hubs/{hubName}/plans/{planId}/nodes/{nodeId}/{resource}", 1, "5.1", "7.2", "0.0"
        ),
        (
            "20189bd7-5134-49c2-b8e9-f9e856eea2b2", "distributedtask", "requests",
            "_apis/{area}/agentclouds/{agentCloudId}/{resource}/{agentCloudRequestId}", 1, "5.0", "7.2", "7.1"
        ),
        (
            "1f1f0557-c445-42a6-b4a0-0df605a3a0f8", "distributedtask", "resourcelimits",
            "_apis/{area}/{resource}", 1, "5.0", "7.2", "0.0"
        ),
        (
            "eae1d376-a8b1-4475-9041-1dfdbe8f0143", "distributedtask", "resourceusage",
            "_apis/{area}/{resource}", 2, "4.1", "7.2", "0.0"
        ),
        (
            "100cc92a-b255-47fa-9ab3-e44a2985a3ac", "distributedtask", "revisions",
            "{project}/_apis/{area}/taskgroups/{taskGroupId}/{resource}", 1, "3.1", "7.2", "0.0"
        ),
        (
            "adcfd8bc-b184-43ba-bd84-7c8c6a2ff421", "distributedtask", "securefiles",
            "{project}/_apis/{area}/{resource}/{secureFileId}", 1, "3.2", "7.2", "0.0"
        ),
        (
            "134e239e-2df3-4794-a6f6-24f1f19ec8dc", "distributedtask", "sessions",
            "_apis/{area}/pools/{poolId}/{resource}/{sessionId}", 1, "1.0", "7.2", "7.1"
        ),
        (
            "2f0aa599-c121-4256-a5fd-ba370e0ae7b6", "distributedtask", "targets",
            "{project}/_apis/{area}/deploymentgroups/{deploymentGroupId}/{resource}/{targetId}", 1, "4.1", "7.2", "7.1"
        ),
        (
            "6c08ffbf-dbf1-4f9a-94e5-a1cbd47005e7", "distributedtask", "taskgroups",
            "{project}/_apis/{area}/{resource}/{taskGroupId}", 1, "3.0", "7.2", "7.1"
        ),
        (
            "60aac929-f0cd-4bc8-9ce4-6b30e8f1b1bd", "distributedtask", "tasks",
            "_apis/{area}/{resource}/{taskId}/{versionString}", 1, "1.0", "7.2", "7.1"
        ),
        (
            "83597576-cc2c-453c-bea6-2882ae6a1653", "distributedtask", "timelines",
            "{scopeIdentifier}/_apis/{area}/hubs/{hubName}/plans/{planId}/{resource}/{timelineId}", 2, "2.0", "7.2",
            "7.1"
        ),
        (
            "8cc1b02b-ae49-4516-b5ad-4f9b29967c30", "distributedtask", "updates",
            "_apis/{area}/pools/{poolId}/agents/{agentId}/{resource}", 1, "3.2", "7.2", "0.0"
        ),
        (
            "30ba3ada-fedf-4da8-bbb5-dacf2f82e176", "distributedtask", "usercapabilities",
            "_apis/{area}/pools/{poolId}/agents/{agentId}/{resource}", 1, "1.0", "7.2", "7.1"
        ),
        (
            "ef5b7057-ffc3-4c77-bbad-c10b4a4abcc7", "distributedtask", "variablegroups",
            "_apis/{area}/{resource}/{groupId}", 2, "5.2", "7.2", "7.1"
        ),
        (
            "f5b09dd5-9d54-45a1-8b5a-1c8287d634cc", "distributedtask", "variablegroups",
            "{project}/_apis/{area}/{resource}/{groupId}", 2, "3.1", "7.2", "7.1"
        ),
        (
            "9e597901-4af7-4cc3-8d92-47d54db8ebfb", "distributedtask", "virtualmachinegroups",
            "{project}/_apis/{area}/environments/{environmentId}/providers/{resource}/{resourceId}", 1, "5.0", "7.2",
            "0.0"
        ),
        (
            "48700676-2ba5-4282-8ec8-083280d169c7", "distributedtask", "virtualmachines",
            "{project}/_apis/{area}/environments/{environmentId}/providers/virtualmachinegroups/{resourceId}/{resource}",
            1, "5.0", "7.2", "0.0"
        ),
        (
            "9c63205e-3a0f-42a0-ad88-095200f13607", "distributedtask", "vstsaadoauth",
            "_apis/{area}/serviceendpointproxy/{resource}", 1, "3.1", "7.2", "0.0"
        ),
        (
            "44f7ed85-9a3a-4669-bd4c-312d021559f4", "distributedtask", "webhooks",
            "_apis/public/{area}/{resource}/{webHookId}", 1, "6.0", "7.2", "0.0"
        ),
        (
            "1f9990b9-1dba-441f-9c2e-6485888c42b6", "distributedtask", "yamlschema",
            "_apis/{area}/{resource}", 1, "5.0", "7.2", "7.1"
        ),
        (
            "c90d3b68-268d-429d-8b14-1aa864f7f0f6", "environments", "environmentaccesstoken",
            "{project}/_apis/pipelines/{area}/{resource}/{environmentId}", 1, "6.0", "7.2", "7.1"
        ),
        (
            "0d9bba8c-e474-49a0-979a-e3b990b4bf76", "environments", "environmentdeploymentrecords",
            "{project}/_apis/pipelines/environments/{environmentId}/{resource}", 1, "5.2", "7.2", "7.1"
        ),
        (
            "d86b72de-d240-4d6f-8d06-08c2d66b015d", "environments", "environments",
            "{project}/_apis/pipelines/{resource}/{environmentId}", 1, "5.2", "7.2", "7.1"
        ),
        (
            "73fba52f-33ab-42b3-a538-ce67a9223b15", "environments", "kubernetes",
            "{project}/_apis/pipelines/environments/{environmentId}/providers/{resource}/{resourceId}", 2, "5.2", "7.2",
            "7.1"
        ),
        (
            "d28f3dfe-5bb8-4b06-8420-0452882a4957", "environments", "pool",
            "{project}/_apis/pipelines/environments/{environmentId}/providers/virtualmachines/pool", 1, "5.2", "7.2",
            "7.1"
        ),
        (
            "173a6347-3ddc-4637-8020-cce67d48909f", "environments", "virtualmachinegroups",
            "{project}/_apis/pipelines/environments/{environmentId}/providers/{resource}/{resourceId}", 1, "5.2", "7.2",
            "7.1"
        ),
        (
            "3a3b5cf7-b7f7-4593-b9f5-58f170145e8d", "environments", "virtualmachines",
            "{project}/_apis/pipelines/environments/{environmentId}/providers/virtualmachinegroups/{resourceId}/{resource}",
            1, "5.2", "7.2", "7.1"
        ),
        (
            "20cb45c7-bd6c-401e-b7e0-a634beda2683", "environments", "vmresource",
            "{project}/_apis/pipelines/environments/{environmentId}/providers/virtualmachines/{resourceId}", 1, "5.2",
            "7.2", "7.1"
        ),
        (
            "00d9565f-ed9c-4a06-9a50-00e7896ccab4", "Location", "ConnectionData",
            "_apis/{resource}", 1, "1.0", "7.2", "0.0"
        ),
        (
            "e81700f7-3be2-46de-8624-2eb35882fcaa", "Location", "ResourceAreas",
            "_apis/{resource}/{areaId}", 1, "3.2", "7.2", "0.0"
        ),
        (
            "d810a47d-f4f4-4a62-a03f-fa1860585c4c", "Location", "ServiceDefinitions",
            "_apis/{resource}/{serviceType}/{identifier}", 1, "1.0", "7.2", "0.0"
        ),
        (
            "df5f298a-4e06-4815-a13e-6ce90a37efa4", "Location", "SpsServiceDefinition",
            "_apis/{resource}/{hostId}", 1, "1.0", "7.2", "0.0"
        ),
        (
            "9a1b74b4-2ca8-4a9f-8470-c2f2e6fdc949", "operations", "operations",
            "_apis/{resource}/{operationId}", 1, "2.0", "7.2", "7.1"
        ),
        (
            "7f82df6d-7d09-46c1-a015-643b556b3a1e", "operations", "operations",
            "_apis/{resource}/{pluginId}/{operationId}", 1, "4.0", "7.2", "0.0"
        ),
        (
            "b5b9a4a4-e6cd-4096-853c-ab7d8b0c4eb2", "pipelinePermissions", "pipelinePermissions",
            "{project}/_apis/pipelines/{resource}/{resourceType}/{resourceId}", 1, "5.1", "7.2", "0.0"
        ),
        (
            "6582852e-bc24-4f92-b43b-a538d0dedf50", "Pipelines", "appdescriptor",
            "_apis/public/{area}/{resource}/{appType}", 1, "5.1", "7.2", "0.0"
        ),
        (
            "85023071-bd5e-4438-89b0-2a5bf362a19d", "Pipelines", "artifacts",
            "{project}/_apis/{area}/{pipelineId}/runs/{runId}/{resource}", 1, "5.2", "7.2", "7.1"
        ),
        (
            "8fc87684-9ebc-4c37-ab92-f4ac4a58cb3a", "Pipelines", "configurations",
            "{project}/_apis/{area}/{resource}", 1, "5.1", "7.2", "7.1"
        ),
        (
            "00df4879-9216-45d5-b38d-4a487b626b2c", "Pipelines", "connections",
            "_apis/{area}/{resource}", 1, "4.1", "7.2", "7.1"
        ),
        (
            "29a30bab-9efb-4652-bf1b-9269baca0980", "Pipelines", "detectedbuildframeworks",
            "{project}/_apis/{area}/RepositoryAnalysis/{resource}", 1, "5.1", "7.2", "7.1"
        ),
        (
            "2487b510-cbe5-405d-a032-cef9b867d9f9", "Pipelines", "events",
            "_apis/public/{area}/{resource}", 1, "4.1", "7.2", "0.0"
        ),
        (
            "fb1b6d27-3957-43d5-a14b-a2d70403e545", "Pipelines", "logs",
            "{project}/_apis/{area}/{pipelineId}/runs/{runId}/{resource}/{logId}", 1, "5.1", "7.2", "7.1"
        ),
        (
            "28e1305e-2afe-47bf-abaf-cbb0e6a91988", "Pipelines", "pipelines",
            "{project}/_apis/{area}/{pipelineId}", 1, "5.1", "7.2", "7.1"
        ),
        (
            "53df2d18-29ea-46a9-bee0-933540f80abf", "pipelines", "preview",
            "{project}/_apis/{area}/{pipelineId}/{resource}", 2, "5.1", "7.2", "7.1"
        ),
        (
            "d6c0c0ec-7f78-48eb-895e-d86e01e28909", "Pipelines", "recommendations",
            "_apis/{area}/Analysis/{resource}", 1, "5.1", "7.2", "0.0"
        ),
        (
            "63ea8f13-b563-4be7-bc31-3a96eda27220", "Pipelines", "recommendedtemplates",
            "{project}/_apis/{area}/Templates/{resource}", 1, "5.1", "7.2", "7.1"
        ),
        (
            "43201899-7690-4870-9c79-ab69605f21ed", "Pipelines", "resources",
            "{project}/_apis/{area}/Templates/{resource}", 1, "5.1", "7.2", "7.1"
        ),
        (
            "7859261e-d2e9-4a68-b820-a5d84cc5bb3d", "Pipelines", "runs",
            "{project}/_apis/{area}/{pipelineId}/{resource}/{runId}", 2, "5.1", "7.2", "7.1"
        ),
        (
            "1ffe4916-ac72-4566-add0-9bab31e44fcf", "Pipelines", "signalr",
            "{project}/_apis/{area}/{pipelineId}/runs/{runId}/{resource}", 1, "5.2", "7.2", "7.1"
        ),
        (
            "74f99e32-e2c4-44f4-93dc-dec0bca530a5", "Pipelines", "signedlogcontent",
            "{project}/_apis/{area}/{pipelineId}/runs/{runId}/{resource}/{logId}", 1, "5.1", "7.2", "0.0"
        ),
        (
            "eb5d6d1d-98a2-4bbd-9028-f9a6b2d66515", "Pipelines", "templates",
            "_apis/{area}/{resource}/{templateId}", 1, "5.1", "7.2", "7.1"
        ),
        (
            "86c8381e-5aee-4cde-8ae4-25c0c7f5eaea", "PipelinesChecks", "configurations",
            "{project}/_apis/pipelines/checks/{resource}/{id}", 1, "5.1", "7.2", "0.0"
        ),
        (
            "5f3d0e64-f943-4584-8811-77eb495e831e", "PipelinesChecks", "queryconfigurations",
            "{project}/_apis/pipelines/checks/{resource}", 1, "5.2", "7.2", "0.0"
        ),
        (
            "91282c1d-c183-444f-9554-1485bfb3879d", "PipelinesChecks", "runs",
            "{project}/_apis/pipelines/checks/{resource}/{checkSuiteId}", 1, "5.1", "7.2", "0.0"
        ),
        (
            "ac08c8ff-4323-4b08-af90-bcd018d380ce", "Security", "AccessControlEntries",
            "_apis/{resource}/{securityNamespaceId}", 1, "1.0", "7.2", "7.1"
        ),
        (
            "18a2ad18-7571-46ae-bec7-0c7da1495885", "Security", "AccessControlLists",
            "_apis/{resource}/{securityNamespaceId}", 1, "1.0", "7.2", "7.1"
        ),
        (
            "cf1faa59-1b63-4448-bf04-13d981a46f5d", "Security", "PermissionEvaluationBatch",
            "_apis/{area}/{resource}", 1, "3.0", "7.2", "7.1"
        ),
        (
            "dd3b8bd6-c7fc-4cbd-929a-933d9c011c9d", "Security", "Permissions",
            "_apis/{resource}/{securityNamespaceId}/{permissions}", 2, "1.0", "7.2", "7.1"
        ),
        (
            "ce7b9f95-fde9-4be8-a86d-83b366f0b87a", "Security", "SecurityNamespaces",
            "_apis/{resource}/{securityNamespaceId}", 1, "1.0", "7.2", "7.1"
        ),
        (
            "9461c234-c84c-4ed2-b918-2f0f92ad0a35", "securityroles", "roleassignments",
            "_apis/{area}/scopes/{scopeId}/{resource}/resources/{resourceId}/{identityId}", 1, "2.2", "7.2", "0.0"
        ),
        (
            "f4cc9a86-453c-48d2-b44d-d3bd5c105f4f", "securityroles", "roledefinitions",
            "_apis/{area}/scopes/{scopeId}/{resource}", 1, "2.2", "7.2", "0.0"
        ),
        (
            "9acb984c-4f88-4e13-9691-2e688dddc047", "serviceendpoint", "azurermmanagementgroups",
            "_apis/{area}/endpointproxy/{resource}", 1, "5.0", "7.2", "0.0"
        ),
        (
            "18e8f65d-4e19-4a01-a621-cf0f2d938108", "serviceendpoint", "azurermsubscriptions",
            "_apis/{area}/endpointproxy/{resource}", 1, "5.0", "7.2", "0.0"
        ),
        (
            "cc63bb57-2a5f-4a7a-b79c-c142d308657e", "serviceendpoint", "endpointproxy",
            "{project}/_apis/{area}/{resource}", 1, "4.1", "7.2", "7.1"
        ),
        (
            "14e48fdc-2c8b-41ce-a0c3-e26f6cc55bd0", "serviceendpoint", "endpoints",
            "_apis/{area}/{resource}/{endpointId}", 4, "5.2", "7.2", "7.1"
        ),
        (
            "e85f1c62-adfc-4b74-b618-11a150fb195e", "serviceendpoint", "endpoints",
            "{project}/_apis/{area}/{resource}/{endpointId}", 4, "4.1", "7.2", "7.1"
        ),
        (
            "6c9371d6-98b6-4175-afba-915cb24ce263", "serviceendpoint", "endpointtoken",
            "_apis/{area}/{endpointId}/{resource}", 1, "7.2", "7.2", "0.0"
        ),
        (
            "10a16738-9299-4cd1-9a81-fd23ad6200d0", "serviceendpoint", "executionhistory",
            "{project}/_apis/{area}/{endpointId}/{resource}", 1, "4.1", "7.2", "7.1"
        ),
        (
            "55b9ed4b-5404-41b1-b9d2-7ed757d02bb0", "serviceendpoint", "executionhistory",
            "{project}/_apis/{area}/{resource}", 1, "4.1", "7.2", "7.1"
        ),
        (
            "702edb4e-3952-43fe-a4eb-288938f3ba35", "serviceendpoint", "oauthconfiguration",
            "_apis/{area}/{resource}/{configurationId}", 1, "5.0", "7.2", "0.0"
        ),
        (
            "86e77201-c1f7-46c9-8672-9dfc2f6f568a", "serviceendpoint", "share",
            "_apis/{area}/{resource}/{endpointId}", 1, "5.0", "7.2", "0.0"
        ),
        (
            "5a7938a4-655e-486c-b562-b78c54a7e87b", "serviceendpoint", "types",
            "_apis/{area}/{resource}", 1, "4.1", "7.2", "7.1"
        ),
        (
            "47911d38-53e1-467a-8c32-d871599d5498", "serviceendpoint", "vstsaadoauth",
            "_apis/{area}/vstsaadoauth/{resource}", 1, "5.1", "7.2", "0.0"
        ),
        (
            "77560e8a-4e8c-4d59-894e-a5f264c24444", "Test", "CodeCoverage", "{project}/_apis/{area}/{resource}", 1,
            "1.0",
            "7.2", "0.0"
        ),
        (
            "cadb3810-d47d-4a3c-a234-fe5f3be50138", "Test", "Runs", "{project}/_apis/{area}/{resource}/{runId}", 3,
            "1.0",
            "7.2", "7.1"
        ),
        (
            "4637d869-3a76-4468-8057-0bb02aa385cf", "Test", "Results",
            "{project}/_apis/{area}/Runs/{runId}/{resource}/{testCaseResultId}", 6, "1.0", "7.2", "7.1"
        ),
        (
            "4f004af4-a507-489c-9b13-cb62060beb11", "Test", "Attachments",
            "{project}/_apis/{area}/Runs/{runId}/{resource}/{attachmentId}", 1, "2.0", "7.2", "0.0"
        ),
        (
            "2bffebe9-2f0f-4639-9af8-56129e9fed2d", "Test", "Attachments",
            "{project}/_apis/{area}/Runs/{runId}/Results/{testCaseResultId}/{resource}/{attachmentId}", 1, "2.0", "7.2",
            "0.0"
        ),
        (
            "0a42c424-d764-4a16-a2d5-5c85f87d0ae8", "Test", "Statistics",
            "{project}/_apis/{area}/Runs/{runId}/{resource}", 3, "1.0", "7.2", "7.1"
        ),
        (
            "929fd86c-3e38-4d8c-b4b6-90df256e5971", "Test", "TestHistory",
            "{project}/_apis/{area}/Results/{resource}", 2, "4.0", "7.2", "0.0"
        ),
        (
            "000ef77b-fea2-498d-a10d-ad1a037f559f", "Test", "ResultSummaryByBuild",
            "{project}/_apis/{area}/{resource}", 3, "3.0", "7.2", "0.0"
        ),
    ]
}
