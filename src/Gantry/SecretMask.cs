using System.Collections.Immutable;
using System.Net;
using System.Text;
using System.Text.Json;

namespace Gantry;

/// <summary>
/// Masks secrets in texts. A session adds every credential that it sends, so that a server that repeats one in an answer does not bring it
/// into a message or a log. Thread-safe.
/// </summary>
public sealed class SecretMask
{
    /// <summary>The text in the place of a secret.</summary>
    public const string Replacement = "***";

    // A shorter secret is part of too many words.
    private const int MinimumLength = 4;

    // A shorter secret is masked only where it is a word of its own.
    private const int LengthWithinWords = 8;

    private static readonly Comparer<string> LongestFirst = Comparer<string>.Create(static (one, other) =>
        one.Length != other.Length ? other.Length.CompareTo(one.Length) : string.CompareOrdinal(one, other));

    private ImmutableSortedSet<string> _secrets = ImmutableSortedSet.Create<string>(LongestFirst);

    /// <summary>Adds a secret, in all forms in which servers repeat it. Less than four characters are not masked.</summary>
    public void Add(string secret)
    {
        if (secret.Length < MinimumLength || Volatile.Read(ref _secrets).Contains(secret))
            return;
        string[] forms =
        [
            secret,
            DisplayText.Neutralize(secret),
            Uri.EscapeDataString(secret),
            WebUtility.HtmlEncode(secret),
            JsonEncodedText.Encode(secret).ToString(),
            secret.Replace("/", "\\/", StringComparison.Ordinal),
            Convert.ToBase64String(Encoding.UTF8.GetBytes(secret)).TrimEnd('='),
        ];
        ImmutableInterlocked.Update(ref _secrets, static (known, added) => known.Union(added), forms.AsEnumerable());
    }

    /// <summary>Adds a user's password, alone and with the name of the user before it, as it is in a <c>Basic</c> header.</summary>
    public void AddPassword(string userName, string password)
    {
        if (password.Length == 0)
            return;
        Add($"{userName}:{password}");
        Add(password);
    }

    /// <summary>Returns a text with its secrets masked.</summary>
    public string Apply(string text)
    {
        foreach (var secret in Volatile.Read(ref _secrets))
            text = secret.Length >= LengthWithinWords
                ? text.Replace(secret, Replacement, StringComparison.OrdinalIgnoreCase)
                : ReplaceWord(text, secret);
        return text;
    }

    /// <summary>Returns an error with its secrets masked, in its message and in its technical causes.</summary>
    public GantryException Apply(GantryException error)
    {
        var (problem, remedy, inner) = (Apply(error.Problem), Apply(error.Remedy), ApplyToCause(error.InnerException));
        return problem == error.Problem && remedy == error.Remedy && inner == error.InnerException
            ? error
            : new GantryException(error.Code, problem, remedy, inner) { Kind = error.Kind, Actions = error.Actions };
    }

    private Exception? ApplyToCause(Exception? cause)
    {
        if (cause is null)
            return null;
        var (message, inner) = (Apply(cause.Message), ApplyToCause(cause.InnerException));
        return message == cause.Message && inner == cause.InnerException
            ? cause
            : new InvalidOperationException($"{cause.GetType().Name}: {message}", inner);
    }

    private static string ReplaceWord(string text, string secret)
    {
        for (var at = Find(0); at >= 0; at = Find(at + 1))
        {
            var end = at + secret.Length;
            if ((at == 0 || !char.IsLetterOrDigit(text[at - 1])) && (end == text.Length || !char.IsLetterOrDigit(text[end])))
                text = string.Concat(text.AsSpan(0, at), Replacement, text.AsSpan(end));
        }

        return text;

        int Find(int start) => start > text.Length ? -1 : text.IndexOf(secret, start, StringComparison.OrdinalIgnoreCase);
    }
}
