using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text;

namespace VerifyTests;

/// <summary>
/// An object as Verify writes it: JSON without quotes, without members that are null, empty or zero, with placeholders for GUIDs and times.
/// </summary>
internal sealed class ObjectText
{
    private readonly StringBuilder _text = new();
    private readonly VerifySettings _settings;
    private readonly Dictionary<Type, Dictionary<object, int>> _counters = [];

    private ObjectText(VerifySettings settings) => _settings = settings;

    public static string Of(object? target, VerifySettings settings)
    {
        if (target is string text)
            return text.Length == 0 ? "emptyString" : text;

        var writer = new ObjectText(settings);
        writer.Write(target, 0);
        return writer._text.ToString();
    }

    private void Write(object? value, int depth)
    {
        if (TryFormat(value) is { } text)
        {
            _text.Append(text);
            return;
        }

        if (value is IDictionary dictionary)
        {
            var pairs = dictionary.Keys.Cast<object>().Select(x => (Name: TryFormat(x)!, Value: dictionary[x]));
            WriteMembers(pairs.OrderBy(x => x.Name, StringComparer.Ordinal), depth);
        }
        else if (value is IEnumerable items)
        {
            WriteItems(items.Cast<object?>().ToList(), depth);
        }
        else
        {
            WriteMembers(MembersOf(value!), depth);
        }
    }

    private void WriteItems(List<object?> items, int depth)
    {
        if (items.Count == 0)
        {
            _text.Append("[]");
            return;
        }

        _text.Append('[');
        foreach (var (index, item) in items.Index())
        {
            _text.Append(index > 0 ? ",\n" : "\n").Append(' ', 2 * (depth + 1));
            Write(item, depth + 1);
        }

        _text.Append('\n').Append(' ', 2 * depth).Append(']');
    }

    private void WriteMembers(IEnumerable<(string Name, object? Value)> members, int depth)
    {
        var isFirst = true;
        foreach (var (name, value) in members)
        {
            _text.Append(isFirst ? "{\n" : ",\n").Append(' ', 2 * (depth + 1)).Append(name).Append(':');
            isFirst = false;
            // A text of several lines stands as it is, from the start of the line on.
            if (value is string text && text.Contains('\n'))
            {
                _text.Append('\n').Append(text);
                continue;
            }

            _text.Append(' ');
            Write(value, depth + 1);
        }

        _text.Append(isFirst ? "{}" : "\n" + new string(' ', 2 * depth) + "}");
    }

    private static IEnumerable<(string, object?)> MembersOf(object target)
    {
        const BindingFlags flags = BindingFlags.Public | BindingFlags.Instance;
        var fields = target.GetType().GetFields(flags).Select(x => (x.Name, Value: x.GetValue(target)));
        var properties = target.GetType().GetProperties(flags)
            .Where(x => x.CanRead && x.GetIndexParameters().Length == 0)
            .Select(x => (x.Name, Value: x.GetValue(target)));
        return fields.Concat(properties).Where(x => !IsDefault(x.Value));
    }

    private static bool IsDefault(object? value)
        => value switch
        {
            null => true,
            bool => false,
            string => false,
            ICollection { Count: 0 } => true,
            _ => value.GetType().IsValueType && value.Equals(Activator.CreateInstance(value.GetType()))
        };

    private string? TryFormat(object? value)
        => value switch
        {
            null => "null",
            string text => Guid.TryParse(text, out var id) ? TryFormat(id) : text,
            bool flag => flag ? "true" : "false",
            Guid guid => guid == Guid.Empty ? "Guid_Empty" : Count("Guid", guid, _settings.ScrubsGuids),
            DateTime time => Count("DateTime", time, _settings.ScrubsDateTimes),
            DateTimeOffset time => Count("DateTimeOffset", time, _settings.ScrubsDateTimes),
            DateOnly date => Count("Date", date, _settings.ScrubsDateTimes),
            TimeOnly time => Count("Time", time, _settings.ScrubsDateTimes),
            byte[] bytes => Convert.ToBase64String(bytes),
            Enum or TimeSpan or Uri or Version or Type => value.ToString(),
            IFormattable formattable when value.GetType().IsPrimitive || value is decimal =>
                formattable.ToString(null, CultureInfo.InvariantCulture),
            _ => null
        };

    private string Count(string name, object value, bool isScrubbed)
    {
        if (!isScrubbed)
            return ((IFormattable)value).ToString(value is Guid ? null : "O", CultureInfo.InvariantCulture);

        if (!_counters.TryGetValue(value.GetType(), out var numbers))
            _counters[value.GetType()] = numbers = [];
        if (!numbers.TryGetValue(value, out var number))
            numbers[value] = number = numbers.Count + 1;
        return $"{name}_{number}";
    }
}
