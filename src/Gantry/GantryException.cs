namespace Gantry;

/// <summary>
/// An error that a person can cause and fix: a stable code, one sentence that names the thing and its value, and the remedy.
/// </summary>
/// <remarks>
/// Every code is in one <c>*Errors.cs</c> file and in <c>docs/diagnostics.md</c>; a test compares the two. Messages never contain
/// credentials or query strings of URLs. They are one line each, whatever the values in them are (<see cref="DisplayText"/>).
/// </remarks>
public sealed class GantryException : Exception
{
    /// <summary>Creates an error.</summary>
    /// <param name="code">The stable code, <c>GANxxxx</c>.</param>
    /// <param name="problem">The problem, naming the thing and the value; no full stop at the end.</param>
    /// <param name="remedy">The action that fixes it, as an imperative; no full stop at the end.</param>
    /// <param name="inner">The technical cause, for verbose logs.</param>
    public GantryException(string code, DisplayText problem, DisplayText remedy, Exception? inner = null)
        : base($"{code}: {problem}; {remedy}.", inner)
    {
        Code = code;
        Problem = problem.ToString();
        Remedy = remedy.ToString();
    }

    /// <summary>The stable code, <c>GANxxxx</c>.</summary>
    public string Code { get; }

    /// <summary>The kind of the error, for decisions in code.</summary>
    public ErrorKind Kind { get; init; }

    /// <summary>The description of the problem.</summary>
    public string Problem { get; }

    /// <summary>The action that fixes it.</summary>
    public string Remedy { get; }

    /// <summary>The actions in the remedy that front ends offer; each has its own name for them.</summary>
    public IReadOnlyList<RemedyAction> Actions { get; init; } = [];

    /// <summary>Returns the error with a remedy that says how this front end offers its actions: <c>(--move-tag "reason")</c>.</summary>
    /// <param name="offer">Returns the parameter, option or target that does an action; null when there is none.</param>
    public GantryException Offering(Func<RemedyAction, string?> offer)
    {
        var offers = Actions.Select(offer).OfType<string>().ToList();
        return offers.Count == 0
            ? this
            : new GantryException(Code, Problem, $"{Remedy} ({string.Join(", ", offers)})", InnerException) { Kind = Kind };
    }
}
