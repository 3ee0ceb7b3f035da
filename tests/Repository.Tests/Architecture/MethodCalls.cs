using Mono.Cecil;

namespace Repository.Tests.Architecture;

/// <summary>A method that a type calls, or makes a delegate of. Nested types count as their outermost type.</summary>
internal readonly record struct MethodCall(TypeName User, string Type, string Method)
{
    public override string ToString() => $"{User} uses {Type}.{Method}";
}

/// <summary>Reads from compiled assemblies which methods are called.</summary>
internal static class MethodCalls
{
    public static IReadOnlySet<MethodCall> Read(IEnumerable<string> assemblies)
    {
        var calls = new HashSet<MethodCall>();
        foreach (var path in assemblies)
        {
            using var module = ModuleDefinition.ReadModule(path);
            foreach (var type in module.Types)
            {
                var user = new TypeName(type.Namespace, type.Name);
                foreach (var called in Methods(type)
                    .Where(method => method.HasBody)
                    .SelectMany(method => method.Body.Instructions)
                    .Select(instruction => instruction.Operand)
                    .OfType<MethodReference>())
                    calls.Add(new(user, called.DeclaringType.FullName, called.Name));
            }
        }

        return calls;
    }

    private static IEnumerable<MethodDefinition> Methods(TypeDefinition type) =>
        type.Methods.Concat(type.NestedTypes.SelectMany(Methods));
}
