namespace Nuke.Common.CI.AzurePipelines;

public enum AzurePipelinesBuildReason
{
    Manual,
    IndividualCI,
    BatchedCI,
    Schedule,
    ValidateShelveset,
    CheckInShelveset,
    PullRequest,
    ResourceTrigger
}

public enum AzurePipelinesJobStatus
{
    Canceled,
    Failed,
    Succeeded,
    SucceededWithIssues
}

public enum AzurePipelinesIssueType
{
    Warning,
    Error
}

public enum AzurePipelinesTestResultsType
{
    JUnit,
    NUnit,
    VSTest,
    XUnit,
    CTest
}

public enum AzurePipelinesCodeCoverageToolType
{
    Cobertura,
    JaCoCo
}

public enum AzurePipelinesRepositoryType
{
    AzureRepos,
    TfsVersionControl,
    Git,
    GitHub,
    Svn,
    TfsGit
}
