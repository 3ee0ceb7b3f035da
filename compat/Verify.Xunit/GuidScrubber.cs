using System.Text;
using System.Text.RegularExpressions;

namespace VerifyTests;

/// <summary>Numbers GUIDs in the order of their appearance.</summary>
internal sealed partial class GuidScrubber
{
    private readonly Dictionary<Guid, int> _numbers = [];

    public void Scrub(StringBuilder text)
    {
        var scrubbed = GuidPattern().Replace(text.ToString(), x => Name(Guid.Parse(x.Value)));
        text.Clear().Append(scrubbed);
    }

    private string Name(Guid guid)
    {
        if (guid == Guid.Empty)
            return "Guid_Empty";
        if (!_numbers.TryGetValue(guid, out var number))
            _numbers[guid] = number = _numbers.Count + 1;
        return $"Guid_{number}";
    }

    [GeneratedRegex(@"(?<![0-9a-zA-Z])[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}(?![0-9a-zA-Z])")]
    private static partial Regex GuidPattern();
}
