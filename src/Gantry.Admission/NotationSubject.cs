using System.Text;
using System.Text.RegularExpressions;

namespace Gantry.Admission;

/// <summary>The subject of a certificate, as a trust policy of Notation has it.</summary>
/// <seealso href="https://github.com/notaryproject/specifications/blob/v1.1.0/specs/trust-store-trust-policy.md">
/// Notary Project, trusted identities constraints
/// </seealso>
internal static partial class NotationSubject
{
    private static readonly string[] s_required = ["C", "ST", "O"];

    /// <summary>Throws <c>GAN8307</c> when a target has no usable subject or trust store.</summary>
    public static void Check(AdmissionTarget target)
    {
        if (FindProblem(target.NotationSubject) is { } problem)
            throw AdmissionErrors.UnusableSubject(target.Environment, target.NotationSubject, problem);
        if (target.NotationTrustStore is { } store && !TrustStore().IsMatch(store))
            throw AdmissionErrors.UnusableTrustStore(target.Environment, store);
    }

    private static string? FindProblem(string? subject)
    {
        if (string.IsNullOrWhiteSpace(subject))
            return "there is none";
        if (subject.Any(char.IsControl))
            return "it has a control character";

        var types = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var part in Split(subject))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            var type = part[..Math.Max(equals, 0)].Trim();
            if (!AttributeType().IsMatch(type) || part[(equals + 1)..].Trim() is "" or "*")
                return $"'{part.Trim()}' is not an attribute with a value";
            if (!types.Add(type))
                return $"the attribute {type} is there twice";
        }

        return s_required.FirstOrDefault(required => !types.Contains(required)) is { } missing
            ? $"it has no attribute {missing}, which Notation requires"
            : null;
    }

    // A backslash takes the meaning of the next character away.
    private static List<string> Split(string subject)
    {
        var parts = new List<string>();
        var part = new StringBuilder();
        for (var i = 0; i < subject.Length; i++)
        {
            if (subject[i] == ',')
            {
                parts.Add(part.ToString());
                part.Clear();
                continue;
            }

            part.Append(subject[i]);
            if (subject[i] == '\\' && i + 1 < subject.Length)
                part.Append(subject[++i]);
        }

        parts.Add(part.ToString());
        return parts;
    }

    [GeneratedRegex(@"\A[A-Za-z][A-Za-z0-9.-]*\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex AttributeType();

    [GeneratedRegex(@"\A[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex TrustStore();
}
