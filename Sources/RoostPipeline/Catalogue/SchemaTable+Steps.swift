extension SchemaTable {
    /// Steps of every kind.
    static let steps = """
        group step = script bash pwsh powershell task checkout publish download downloadBuild getPackage upload reviewApp stepTemplate
        mapping step | A step | What every step may have.
        - displayName text :: What people see instead of a made-up name.
        - name text :: The name under which others read its output variables.
        - condition condition :: Whether the step runs; without it when all steps before succeeded.
        - continueOnError bool :: Go on when the step fails; the job's result is then a success with issues.
        - enabled bool :: false leaves the step out.
        - env textmap :: Environment variables for the step, which may hold secrets as $(name).
        - target name:container/map:target :: 'host', or the container the step runs in.
        - timeoutInMinutes number :: After so many minutes the step is stopped; 0 is no limit of its own.
        - retryCountOnTaskFailure number :: How often a failed step is tried again, at most 10 times.
        mapping scriptOptions | A script step | What script steps have.
        - workingDirectory text :: Where the script begins; the sources' folder unless it says otherwise.
        - failOnStderr bool :: Fail when anything is written to standard error.
        mapping script | A script | Lines for the machine's shell: sh here.
        - script text first :: The lines of the script.
        + scriptOptions
        + step
        mapping bash | A bash script | Lines for bash.
        - bash text first :: The lines of the script.
        + scriptOptions
        + step
        mapping powershellOptions | A PowerShell script | What PowerShell steps have.
        + scriptOptions
        - errorActionPreference words:default|stop|continue|silentlyContinue :: What an error does: the value of $ErrorActionPreference.
        - warningPreference words:default|stop|continue|silentlyContinue :: What a warning does: the value of $WarningPreference.
        - informationPreference words:default|stop|continue|silentlyContinue :: What an information does: the value of $InformationPreference.
        - verbosePreference words:default|stop|continue|silentlyContinue :: What a verbose message does: the value of $VerbosePreference.
        - debugPreference words:default|stop|continue|silentlyContinue :: What a debug message does: the value of $DebugPreference.
        - progressPreference words:default|stop|continue|silentlyContinue :: What progress does: the value of $ProgressPreference.
        - ignoreLASTEXITCODE bool :: Do not fail when the last program ended with a code other than 0.
        - showWarnings bool :: Show warnings of the script as issues of the run.
        - runScriptInSeparateScope bool :: Call the script instead of running it in the scope of the step.
        mapping pwsh | A PowerShell script | Lines for pwsh, PowerShell 7.
        - pwsh text first :: The lines of the script.
        + powershellOptions
        + step
        mapping powershell | A PowerShell script | Lines for PowerShell; on Linux that is pwsh too.
        - powershell text first :: The lines of the script.
        + powershellOptions
        + step
        mapping task | A task | A piece of work that somebody packed, with inputs.
        - task name:task first :: The name and the major version, such as Bash@3.
        - inputs textmap :: The inputs of the task.
        + step
        mapping checkout | A checkout | Fetches a repository onto the agent.
        - checkout name:repository first :: self, none, or the alias of a repository resource.
        - clean bool :: Remove what earlier runs left before fetching.
        - fetchDepth number :: How many commits to fetch; 0 is all.
        - fetchFilter text :: What to leave out of the fetch, such as blob:none.
        - fetchTags bool :: Fetch tags.
        - lfs bool :: Fetch large files.
        - persistCredentials bool :: Leave the credentials in git's configuration for later steps.
        - submodules bool/words:recursive :: Fetch submodules, and theirs with recursive.
        - path text :: The folder, relative to the job's folder.
        - sparseCheckoutDirectories text :: Only these folders, separated by blanks.
        - sparseCheckoutPatterns text :: Only what these patterns match, separated by blanks.
        - workspaceRepo bool :: Make this repository's folder the one steps begin in.
        + step
        mapping publish | A publish step | Keeps files as an artifact of the run.
        - publish text first :: The file or folder.
        - artifact text :: The name of the artifact.
        + step
        mapping upload | An upload step | Keeps files as an artifact of the run, in the old form.
        - upload text first deprecated :: The file or folder.
        - artifact text :: The name of the artifact.
        + step
        mapping download | A download step | Fetches artifacts of this run or of a pipeline resource.
        - download name:pipeline first :: current, none, or the alias of a pipeline resource.
        - artifact text :: The name of the artifact; without it all are fetched.
        - patterns text :: Only files that match one of these patterns, one a line.
        - path text :: Where to put them.
        - tags text :: Only runs that have all these tags.
        - allowPartiallySucceededBuilds bool :: Runs that succeeded with issues count too.
        + step
        mapping downloadBuild | A download step | Fetches artifacts of a build resource.
        - downloadBuild text first :: The alias of a build resource.
        - artifact text :: The name of the artifact.
        - path text :: Where to put the files.
        - patterns text :: Only files that match one of these patterns, one a line.
        - inputs textmap :: More inputs of the download task.
        + step
        mapping getPackage | A package step | Fetches a package resource.
        - getPackage text first :: The alias of a package resource.
        - path text :: Where to put it.
        + step
        mapping reviewApp | A review app | Makes a place in an environment for a pull request.
        - reviewApp text first :: The resource to copy.
        + step
        mapping stepTemplate | A template of steps | A file whose steps are put here.
        - template name:template first :: The file, relative to this one, or path@alias in another repository.
        - parameters map:templateParameters :: Values for the parameters of the template.
        """
}
