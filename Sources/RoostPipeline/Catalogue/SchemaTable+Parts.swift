extension SchemaTable {
    /// What jobs are made of beside steps: pools, containers, workspaces.
    static let parts = """
        mapping pool | A pool | Which agents may run a job.
        - name name:pool :: The name of the pool.
        - vmImage name:image :: The image of a hosted machine, such as ubuntu-latest.
        - demands text/texts :: What an agent must have: a capability's name, or NAME -equals VALUE.
        mapping workspace | A workspace | The folders of a job on its agent.
        - clean words:outputs|resources|all :: What to remove before the job: binaries, sources, or everything.
        mapping uses | 'uses' | What a job uses that cannot be seen from its steps.
        - repositories names:repository :: Aliases of repositories, so that the job's token may read them.
        - pools names:pool :: Names of pools.
        mapping containerOptions | A container | Where an image comes from and how it is started.
        - image text :: The image, with its registry and tag.
        - endpoint text :: The service connection to the registry.
        - env textmap :: Environment variables of the container.
        - mapDockerSocket bool :: Asks for the socket of the engine, which no container gets here.
        - options text :: More options for starting the container.
        - ports texts :: Ports to publish: 8080:80, or 6379 for any free port.
        - volumes texts :: Volumes to mount: source:target:mode.
        - mountReadOnly map:mountReadOnly :: Which folders of the agent the container may only read.
        - localImage bool :: Use the image that is on the machine and pull none.
        mapping registryOptions | A container | Where an image of a registry of Azure comes from.
        - type words:ACR :: ACR for a registry of Azure with its own fields.
        - azureSubscription text :: The service connection to Azure, for ACR.
        - resourceGroup text :: The resource group of the registry, for ACR.
        - registry text :: The registry, for ACR.
        - repository text :: The repository in the registry, for ACR.
        mapping jobContainer | A container | The container that steps run in.
        - alias name:container :: The alias of a container resource.
        + containerOptions
        + registryOptions
        mapping mountReadOnly | 'mountReadOnly' | Folders of the agent that the container may only read.
        - work bool :: The work folder.
        - externals bool :: The tools the agent brings itself.
        - tools bool :: The tool cache.
        - tasks bool :: The tasks.
        mapping target | A target | Where a step runs and what its log commands may do.
        - container name:container :: 'host', or the alias of a container.
        - commands words:any|restricted :: Whether all log commands count or only harmless ones.
        - settableVariables words:none/texts :: Which variables the step may set; none, or their names.
        """
}
