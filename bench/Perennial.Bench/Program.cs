using Perennial.Bench;
using Perennial.Bench.Servers;

return args switch
{
    ["provisioning"] => await ProvisioningBench.RunAsync(new ProvisioningPlan()),
    ["provisioning", "--quick"] => await ProvisioningBench.RunAsync(ProvisioningPlan.Quick),
    [BareServer.Command, var trusted, var root] => await BareServer.RunAsync(trusted, root),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("usage: dotnet run -c Release --project bench/Perennial.Bench -- provisioning [--quick]");
    return 2;
}
