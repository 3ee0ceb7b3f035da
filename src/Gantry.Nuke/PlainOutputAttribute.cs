namespace Gantry.Nuke;

/// <summary>
/// Turns off what the build system prints around the targets: a logo, frames, errors a second time, and a table that is wider than a
/// terminal. <see cref="RunOutputAttribute"/> prints what a person needs of it. Groups of build servers stay.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class PlainOutputAttribute() : DisableDefaultOutputAttribute(
    DefaultOutput.Logo,
    DefaultOutput.TargetHeader,
    DefaultOutput.ErrorsAndWarnings,
    DefaultOutput.TargetOutcome,
    DefaultOutput.BuildOutcome);
