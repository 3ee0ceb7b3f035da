using Mono.Cecil;

namespace StubAssemblies;

/// <summary>
/// Says what a type is that has a value in metadata. Such a value of a type of another package, which is not at hand, is one of an
/// enumeration: no other type can have one.
/// </summary>
internal sealed class StubResolver(TypeFinder types, Framework framework) : IMetadataResolver
{
    public TypeDefinition Resolve(TypeReference type)
    {
        var key = CecilNames.KeyOf(type.GetElementType());
        return types.FindOwn(key) ?? framework.Find(key) ?? Enumeration(type);
    }

    public FieldDefinition? Resolve(FieldReference field) => null;

    public MethodDefinition? Resolve(MethodReference method) => null;

    private TypeDefinition Enumeration(TypeReference type)
    {
        var made = new TypeDefinition(type.Namespace, type.Name, TypeAttributes.Sealed, framework["System.Enum"]);
        made.Fields.Add(new FieldDefinition("value__", FieldAttributes.SpecialName, framework["System.Int32"]));
        return made;
    }
}
