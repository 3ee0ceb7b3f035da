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
