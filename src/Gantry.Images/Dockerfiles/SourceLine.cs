namespace Gantry.Images.Dockerfiles;

/// <summary>Where an instruction begins, as a person and a terminal name it: <c>Dockerfile:4</c>.</summary>
internal readonly record struct SourceLine(string File, int Line)
{
    public override string ToString() => $"{File}:{Line}";
}
