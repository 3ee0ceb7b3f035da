namespace Gantry.Images.Dockerfiles;

/// <summary>The position of an instruction in a form that terminals can link: <c>Dockerfile:4</c>.</summary>
internal readonly record struct SourceLine(string File, int Line)
{
    public override string ToString() => $"{File}:{Line}";
}
