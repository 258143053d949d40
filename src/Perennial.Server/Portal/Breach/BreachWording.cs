using Perennial.Provisioning.Blocks;
using Perennial.Rolling.Breaches;

namespace Perennial.Server.Portal.Breach;

/// <summary>Breaches in words.</summary>
internal static class BreachWording
{
    public static IReadOnlyList<BreachProcedure> Procedures { get; } = Enum.GetValues<BreachProcedure>();

    public static string NameOf(BreachProcedure procedure) => procedure switch
    {
        BreachProcedure.IndividualLeaf => "The certificate of a device with an individual enrollment",
        BreachProcedure.GroupLeaf => "The certificate of one device of a group",
        BreachProcedure.Intermediate => "The intermediate of an enrollment group",
        _ => "The root of an enrollment group",
    };

    public static string StageOf(BreachProcedure procedure) => procedure switch
    {
        BreachProcedure.IndividualLeaf => "Make the device a certificate with the same common name and a new key, and put it in the free slot of its enrollment; or let the device obtain one.",
        BreachProcedure.GroupLeaf => "The enrollment stays as it is. Give the device a certificate with a new key below the same signer, or let it obtain one.",
        BreachProcedure.Intermediate => "Put the new intermediate in the free slot of the group, or let the devices obtain certificates of an issuer that is not compromised.",
        _ => "Upload the new root and prove that you hold its key, let the group refer to it or hold it in the free slot; or let the devices obtain certificates of an issuer that is not compromised.",
    };

    public static string NameOf(Block block) => block.Kind switch
    {
        BlockKind.Device => "device",
        BlockKind.Certificate => "certificate",
        BlockKind.Issuer => "issuer",
        _ => "group",
    };
}
