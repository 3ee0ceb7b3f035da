namespace Gantry.Admission;

/// <summary>A file with policies.</summary>
/// <param name="Path">The path from the root of the repository, with '/' between folders.</param>
/// <param name="Text">The content; lines end with a line feed.</param>
public sealed record AdmissionFile(string Path, string Text);
