using System.Reflection;
using Nuke.Common.Utilities;
using Serilog;

namespace Nuke.Common.ValueInjection;

[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property)]
public abstract class ValueInjectionAttributeBase : Attribute
{
    public INukeBuild Build { get; internal set; }

    public virtual int Priority => 0;
    public virtual bool SuppressWarnings => false;

    public abstract object GetValue(MemberInfo member, object instance);

    public object TryGetValue(MemberInfo member, object instance)
    {
        try
        {
            return GetValue(member, instance);
        }
        catch (Exception exception)
        {
            if (!SuppressWarnings && !member.HasCustomAttribute<OptionalAttribute>())
                Log.Warning(exception.Unwrap(), "Could not inject value for {Member}", member.GetDisplayName());
            return null;
        }
    }
}
