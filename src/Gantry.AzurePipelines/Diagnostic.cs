namespace Gantry.AzurePipelines;

/// <summary>Something about a declaration or pipeline that a person should know or mend before it is used.</summary>
/// <param name="Code">The stable code, <c>GAN8xxx</c>, or the code of the part of Gantry that found it.</param>
/// <param name="Severity">How bad it is.</param>
/// <param name="Problem">What is wrong, naming the thing and the value.</param>
/// <param name="Remedy">What the person can do, as an imperative.</param>
/// <param name="DeclarationPath">Where in the declaration: <c>Environments["prod"].Gates[0]</c>.</param>
public sealed record Diagnostic(string Code, DiagnosticSeverity Severity, string Problem, string Remedy, string DeclarationPath)
{
    /// <summary>The whole of it in one sentence.</summary>
    public string Message => $"{Code}: {Problem} ({DeclarationPath}); {Remedy}.";

    /// <inheritdoc/>
    public override string ToString() => Message;

    internal GantryException ToException() => new(Code, $"{Problem} ({DeclarationPath})", Remedy);
}

/// <summary>How bad a finding is.</summary>
public enum DiagnosticSeverity
{
    /// <summary>It works, but perhaps not as meant.</summary>
    Warning,

    /// <summary>It cannot work: nothing is generated.</summary>
    Error,
}
