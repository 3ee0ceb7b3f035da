namespace Gantry.AzurePipelines.Service;

/// <summary>The records of the stages, checkpoints, jobs and steps of a run: those of the latest attempts.</summary>
internal sealed record TimelineDocument(IReadOnlyList<TimelineRecordDocument?>? Records = null);

/// <summary>A record of a run. That of a stage is the parent of its checkpoint, which is the parent of its checks.</summary>
internal sealed record TimelineRecordDocument
{
    public const string Stage = "Stage";
    public const string Checkpoint = "Checkpoint";
    public const string Approval = "Checkpoint.Approval";

    public string? Id { get; init; }

    public string? ParentId { get; init; }

    public string? Type { get; init; }

    /// <summary>The name of a stage in its file.</summary>
    public string? Identifier { get; init; }

    public int? Attempt { get; init; }
}

/// <summary>The checks that a stage waited for.</summary>
internal sealed record CheckSuiteDocument(IReadOnlyList<CheckRunDocument?>? CheckRuns = null);

/// <summary>The evaluation of a check. The one of an approval has the id of the approval.</summary>
internal sealed record CheckRunDocument
{
    public string? Id { get; init; }

    public CheckReferenceDocument? CheckConfigurationRef { get; init; }
}

/// <summary>The check that was evaluated, and what it protects.</summary>
internal sealed record CheckReferenceDocument
{
    public CheckTypeDocument? Type { get; init; }

    public CheckedResourceDocument? Resource { get; init; }
}

/// <summary>A resource that is protected by a check.</summary>
internal sealed record CheckedResourceDocument(string? Type = null, string? Id = null);

/// <summary>An approval, with a step for each person and group that was asked.</summary>
internal sealed record ApprovalDocument
{
    public string? Id { get; init; }

    public string? Status { get; init; }

    public IReadOnlyList<ApprovalStepDocument?>? Steps { get; init; }

    /// <summary>The pipeline and its run; null where the service leaves them out.</summary>
    public ApprovalPipelineDocument? Pipeline { get; init; }
}

/// <summary>The pipeline of an approval.</summary>
internal sealed record ApprovalPipelineDocument(RunOwner? Owner = null);

/// <summary>The answer of one person or group.</summary>
internal sealed record ApprovalStepDocument
{
    public string? Status { get; init; }

    public ApproverDocument? AssignedApprover { get; init; }

    public ApproverDocument? ActualApprover { get; init; }

    public DateTimeOffset? LastModifiedOn { get; init; }

    public string? Comment { get; init; }
}

/// <summary>A person or group that approves.</summary>
internal sealed record ApproverDocument(string? Id = null, string? DisplayName = null, string? UniqueName = null)
{
    /// <summary>The name for people; null when the service says none.</summary>
    public string? Name => new[] { DisplayName, UniqueName }.FirstOrDefault(name => !string.IsNullOrWhiteSpace(name));
}
