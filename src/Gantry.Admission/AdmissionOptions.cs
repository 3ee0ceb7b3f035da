namespace Gantry.Admission;

/// <summary>The files to generate.</summary>
public sealed record AdmissionOptions
{
    /// <summary>
    /// The folder of the policies, relative to the root of the repository, with '/' between folders. Each environment has a folder in it.
    /// </summary>
    public string Folder { get; init; } = "policies";

    /// <summary>The programs that policies are generated for.</summary>
    public AdmissionEngines Engines { get; init; } = AdmissionEngines.KyvernoBundle | AdmissionEngines.Cosign;

    /// <summary>The file that contains the declaration, for the comment at the top.</summary>
    public string Source { get; init; } = "build/Build.cs";
}
