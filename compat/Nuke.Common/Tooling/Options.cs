using System.Linq.Expressions;
using System.Runtime.CompilerServices;
using Nuke.Common.Utilities;

namespace Nuke.Common.Tooling;

public interface IOptions
{
    T Get<T>(Expression<Func<object>> provider);
    void Set<T>(Expression<Func<T>> provider, object value);
    void Remove<T>(Expression<Func<T>> provider);
}

/// <summary>The options of a command. They are never changed: each change makes new ones.</summary>
public class Options : IOptions
{
    // In the order in which they were first set, which is the order of the command line.
    private OrderedDictionary<string, object> _values = new(StringComparer.Ordinal);

    internal IReadOnlyDictionary<string, object> Values => _values;

    protected T Get<T>(Expression<Func<object>> provider) => GetNamed<T>(provider.GetMemberInfo().Name);
    protected internal void Set<T>(Expression<Func<T>> provider, object value) => SetNamed(provider.GetMemberInfo().Name, value);

    T IOptions.Get<T>(Expression<Func<object>> provider) => Get<T>(provider);
    void IOptions.Set<T>(Expression<Func<T>> provider, object value) => Set(provider, value);
    void IOptions.Remove<T>(Expression<Func<T>> provider) => _values.Remove(provider.GetMemberInfo().Name);

    internal T GetNamed<T>([CallerMemberName] string name = null) => _values.TryGetValue(name!, out var value) ? (T)value : default;

    internal void SetNamed(string name, object value)
    {
        if (value == null)
            _values.Remove(name);
        else
            _values[name] = value;
    }

    internal Options Copy()
    {
        var copy = (Options)MemberwiseClone();
        copy._values = new OrderedDictionary<string, object>(_values, StringComparer.Ordinal);
        return copy;
    }
}

public static partial class OptionsExtensions
{
    public static T Modify<T>(this T options, Action<IOptions> modification = null)
        where T : IOptions
    {
        var copy = (T)(IOptions)((Options)(IOptions)options).Copy();
        modification?.Invoke(copy);
        return copy;
    }

    public static T Apply<T>(this T options, Configure<T> configurator)
        where T : Options, new()
        => configurator(options);

    public static T[] Apply<T>(this T[] options, Configure<T> configurator)
        where T : Options, new()
        => Array.ConvertAll(options, x => configurator(x));

    public static T Apply<T, TValue>(this T options, Configure<T, TValue> configurator, TValue value)
        where T : Options, new()
        => configurator(options, value);

    public static T[] Apply<T, TValue>(this T[] options, Configure<T, TValue> configurator, TValue value)
        where T : Options, new()
        => Array.ConvertAll(options, x => configurator(x, value));

    public static T When<T>(this T options, Func<T, bool> condition, Configure<T> configurator)
        where T : Options, new()
        => condition(options) ? configurator(options) : options;

    public static T[] When<T>(this T[] options, Func<T, bool> condition, Configure<T> configurator)
        where T : Options, new()
        => Array.ConvertAll(options, x => x.When(condition, configurator));

    public static T[] CombineWith<T>(this T options, params Configure<T>[] configurators)
        where T : Options, new()
        => Array.ConvertAll(configurators, x => x(options));

    public static T[] CombineWith<T, TValue>(this T options, IEnumerable<TValue> values, Func<T, TValue, T> configurator)
        where T : Options
        => values.Select(x => configurator(options, x)).ToArray();

    public static T[] CombineWith<T, TValue>(this T options, IEnumerable<TValue> values, Func<T, TValue, IEnumerable<T>> configurator)
        where T : Options
        => values.SelectMany(x => configurator(options, x)).ToArray();

    public static T[] CombineWith<T, TValue>(this IEnumerable<T> options, IEnumerable<TValue> values, Func<T, TValue, T> configurator)
        where T : Options
        => options.SelectMany(x => values.Select(y => configurator(x, y))).ToArray();

    internal static T With<T>(this T options, string name, object value)
        where T : Options
    {
        var copy = (T)options.Copy();
        copy.SetNamed(name, value);
        return copy;
    }

    internal static T WithItems<T>(this T options, string name, IEnumerable<string> items)
        where T : Options
        => options.With(name, (IReadOnlyList<string>)[.. options.GetNamed<IReadOnlyList<string>>(name) ?? [], .. items]);

    internal static T WithPair<T, TValue>(this T options, string name, string key, TValue value)
        where T : Options
    {
        var pairs = new OrderedDictionary<string, TValue>(options.GetNamed<IReadOnlyDictionary<string, TValue>>(name) ?? new Dictionary<string, TValue>());
        if (value == null)
            pairs.Remove(key);
        else
            pairs[key] = value;
        return options.With(name, (IReadOnlyDictionary<string, TValue>)pairs);
    }
}
