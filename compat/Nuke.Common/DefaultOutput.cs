namespace Nuke.Common;

public enum DefaultOutput
{
    Logo,
    TargetHeader,
    TargetCollapse,
    ErrorsAndWarnings,
    TargetOutcome,
    BuildOutcome,
    Timestamps
}

[AttributeUsage(AttributeTargets.Class)]
public class DisableDefaultOutputAttribute(params DefaultOutput[] disabledOutputs) : Attribute
{
    public DefaultOutput[] DisabledOutputs { get; } = disabledOutputs.Length > 0 ? disabledOutputs : Enum.GetValues<DefaultOutput>();

    public virtual bool IsApplicable(INukeBuild build) => true;
}
